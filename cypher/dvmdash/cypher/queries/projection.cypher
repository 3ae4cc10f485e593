// name: upsert_events
// Parameter authors: [{pubkey, labels, events: [{id, labels, properties}]}]. Fills or makes each event and who signed it.
// An event's facts never change with its id, so a replay sets what is there already.
// Rows: id of each event that was a stub until now; only those can have links that waited for them.
// Eager: a batch is bounded, and its rows have to stand still while stubs are filled.
UNWIND $authors AS row
MERGE (author:Entity {pubkey: row.pubkey})
SET author:$(row.labels)
WITH author, row
UNWIND row.events AS each
MERGE (event:Event {id: each.id})
WITH author, event, each, event:Stub AS was_stub
SET event = each.properties, event:$(each.labels)
REMOVE event:Stub
MERGE (event)<-[:MAKES_EVENT]-(author)
WITH event, was_stub WHERE was_stub
RETURN event.id AS id

// name: make_stubs
// Parameter ids of events that something refers to and that have not been seen.
// Rows: id of those that another writer has filled meanwhile; what was decided about them must be decided again.
UNWIND $ids AS id
MERGE (event:Event {id: id})
ON CREATE SET event:Stub
WITH event WHERE event.kind IS NOT NULL
RETURN event.id AS id

// name: label_dvms
// Parameter pubkeys: entities that answered a known request or announced a kind from 5000 to 5999.
// How many of them are new is told by the counter of labels added.
UNWIND $pubkeys AS pubkey
MATCH (author:Entity {pubkey: pubkey})
SET author:DVM

// name: set_profiles
// Parameter rows: [{pubkey, event, created_at, properties}]. Keeps the newest profile; ties go to the lowest id (NIP-01).
// Eager: few rows, one for each entity.
UNWIND $rows AS row
MATCH (entity:Entity {pubkey: row.pubkey})
WHERE entity.profile_at IS NULL OR entity.profile_at < row.created_at
   OR (entity.profile_at = row.created_at AND entity.profile_event > row.event)
SET entity.name = row.properties.name,
    entity.about = row.properties.about,
    entity.picture = row.properties.picture,
    entity.nip05 = row.properties.nip05,
    entity.lud16 = row.properties.lud16,
    entity.profile_event = row.event,
    entity.profile_at = row.created_at

// name: upsert_invoices
// Parameter rows: [{id, properties}]. Of two invoices with one payment hash the lower text is kept, whatever came first.
// Eager: few rows, and each must see what is there before any is written.
UNWIND $rows AS row
MERGE (invoice:Invoice {id: row.id})
WITH invoice, row WHERE invoice.bolt11 IS NULL OR row.properties.bolt11 < invoice.bolt11
SET invoice = row.properties

// name: link_invoices
// Parameter rows: [{event, invoice, amount_msat, mismatch}]. The `amount` tag's own figure stays on the relationship.
UNWIND $rows AS row
MATCH (event:Event {id: row.event})
MERGE (invoice:Invoice {id: row.invoice})
MERGE (event)-[bill:HAS_INVOICE]->(invoice)
SET bill.amount_msat = row.amount_msat, bill.mismatch = row.mismatch

// name: link_receipts_to_invoices
// Parameter rows: [{receipt, invoice}].
UNWIND $rows AS row
MATCH (receipt:Receipt {id: row.receipt})
MERGE (invoice:Invoice {id: row.invoice})
MERGE (receipt)<-[:HAS_RECEIPT]-(invoice)

// name: link_payers
// Parameter rows: [{receipt, pubkey}].
UNWIND $rows AS row
MATCH (receipt:Receipt {id: row.receipt})
MERGE (payer:Entity {pubkey: row.pubkey})
MERGE (receipt)-[:PAYMENT_FROM]->(payer)

// name: link_payees
// Parameter rows: [{receipt, pubkey}].
UNWIND $rows AS row
MATCH (receipt:Receipt {id: row.receipt})
MERGE (payee:Entity {pubkey: row.pubkey})
MERGE (receipt)-[:PAYMENT_TO]->(payee)

// name: link_receipts_to_events
// Parameter rows: [{receipt, event}]. The `e` of a zap or nutzap: what was paid for; a stub until seen.
UNWIND $rows AS row
MATCH (receipt:Receipt {id: row.receipt})
MERGE (event:Event {id: row.event})
ON CREATE SET event:Stub
MERGE (receipt)-[:PAYMENT_FOR]->(event)

// name: upsert_addresses
// Parameter rows: [{id, pubkey, kind, d}]. Coordinates of addressable events.
UNWIND $rows AS row
MERGE (address:Address {id: row.id})
ON CREATE SET address.pubkey = row.pubkey, address.kind = row.kind, address.d = row.d

// name: link_versions
// Parameter rows: [{event, address}].
UNWIND $rows AS row
MATCH (event:Event {id: row.event})
MERGE (address:Address {id: row.address})
MERGE (event)-[:VERSION_OF]->(address)

// name: set_latest_versions
// Parameter rows: [{event, address, created_at}], one for each address: the newest version is named on the address;
// ties go to the lowest id (NIP-01).
// Eager: few rows, one for each address.
UNWIND $rows AS row
MATCH (address:Address {id: row.address})
WHERE address.latest_at IS NULL OR address.latest_at < row.created_at
   OR (address.latest_at = row.created_at AND address.latest > row.event)
SET address.latest = row.event, address.latest_at = row.created_at

// name: link_address_deletions
// Parameter rows: [{deletion, address}].
UNWIND $rows AS row
MATCH (deletion:Event {id: row.deletion})
MERGE (address:Address {id: row.address})
MERGE (deletion)-[:DELETES]->(address)

// name: set_address_deletions
// Parameter rows: [{address, created_at}], one for each address. NIP-09: versions up to the deletion's time are deleted.
// Eager: few rows, one for each address.
UNWIND $rows AS row
MATCH (address:Address {id: row.address})
WHERE address.deleted_at IS NULL OR address.deleted_at < row.created_at
SET address.deleted_at = row.created_at

// name: known_events
// Parameter ids. Rows: id, kind, pubkey, created_at of those that have been seen.
UNWIND $ids AS id
MATCH (event:Event {id: id}) WHERE NOT event:Stub
RETURN event.id AS id, event.kind AS kind, event.pubkey AS pubkey, event.created_at AS created_at

// name: waiting_answers
// Parameter ids of events just filled. Rows: the answers whose link was made, or left open, before their target was seen.
UNWIND $ids AS id
MATCH (target:Event {id: id})<-[link:RESULT_FOR|FEEDBACK_FOR|REFERENCES]-(answer:Event)
WHERE link:REFERENCES OR 'unseen' IN link.flags
RETURN DISTINCT answer.id AS id, answer.kind AS kind, answer.pubkey AS pubkey, answer.created_at AS created_at,
       type(link) AS type, link.rule AS rule, link.customers AS customers, target.id AS target

// name: references_of
// Parameter ids of answers that name several events. Rows: each of them, in the order of preference, and by what tag.
UNWIND $ids AS id
MATCH (answer:Event {id: id})-[link:REFERENCES]->(named:Event)
RETURN answer.id AS id, named.id AS named, link.rank AS rank, link.marked AS marked,
       link.embedded AS embedded, link.partial AS partial, link.customers AS customers
ORDER BY id, rank

// name: waiting_orphans
// Parameter rows: [{pubkey, kind, created_at}] of requests just filled. Rows: orphan results that may belong to one (L6).
// Anybody may state a time near the end of 64 bits, where the sum would fail the whole batch.
UNWIND $rows AS row
MATCH (orphan:Orphan {customer: row.pubkey})
WHERE orphan.created_at >= row.created_at
  AND orphan.created_at <= row.created_at + CASE WHEN row.created_at < 9223372036854772000 THEN 3600 ELSE 0 END
  AND orphan.kind = row.kind + 1000
RETURN DISTINCT orphan.id AS id, orphan.kind AS kind, orphan.pubkey AS pubkey, orphan.created_at AS created_at,
       orphan.customer AS customer, orphan.input_digest AS input_digest

// name: open_requests
// Parameter rows: [{id, customer, kind, created_at}] of orphan results. Rows: the customer's requests of the hour before (L6).
UNWIND $rows AS row
MATCH (request:Event)
WHERE request.pubkey = row.customer AND request.created_at >= row.created_at - 3600
  AND request.created_at <= row.created_at AND request.kind = row.kind
RETURN row.id AS orphan, request.id AS id, request.kind AS kind, request.pubkey AS pubkey,
       request.created_at AS created_at, request.input_digest AS input_digest

// name: link_results
// Parameter rows: [{answer, target, rule, confidence, flags, customers}]. The targets exist, as stubs where unseen.
// The subquery keeps the planner from a CartesianProduct of the two ends.
UNWIND $rows AS row
MATCH (answer:Event {id: row.answer})
CALL (row) { MATCH (target:Event {id: row.target}) RETURN target }
MERGE (answer)-[link:RESULT_FOR]->(target)
SET link.rule = row.rule, link.confidence = row.confidence, link.flags = row.flags, link.customers = row.customers

// name: link_feedback
// As link_results, for kind 7000.
UNWIND $rows AS row
MATCH (answer:Event {id: row.answer})
CALL (row) { MATCH (target:Event {id: row.target}) RETURN target }
MERGE (answer)-[link:FEEDBACK_FOR]->(target)
SET link.rule = row.rule, link.confidence = row.confidence, link.flags = row.flags, link.customers = row.customers

// name: link_references
// Parameter rows: [{answer, named, rank, marked, embedded, partial, customers}]. For answers that name several events.
UNWIND $rows AS row
MATCH (answer:Event {id: row.answer})
CALL (row) { MATCH (named:Event {id: row.named}) RETURN named }
MERGE (answer)-[link:REFERENCES]->(named)
SET link.rank = row.rank, link.marked = row.marked, link.embedded = row.embedded, link.partial = row.partial,
    link.customers = row.customers

// name: unlink_answers
// Parameter rows: [{answer, target}]. Takes away links to anything but the target; target null takes away all.
// Eager: few rows, only answers that may have moved.
UNWIND $rows AS row
MATCH (answer:Event {id: row.answer})-[link:RESULT_FOR|FEEDBACK_FOR]->(former:Event)
WHERE row.target IS NULL OR former.id <> row.target
DELETE link

// name: link_deletions
// Parameter rows: [{deletion, target, unseen}]. NIP-09: only own events; unseen targets are judged when they arrive.
UNWIND $rows AS row
MATCH (deletion:Event {id: row.deletion})
CALL (row) { MATCH (target:Event {id: row.target}) RETURN target }
MERGE (deletion)-[link:DELETES]->(target)
SET link.unseen = row.unseen

// name: judge_deletions
// Parameter ids of events just filled: deletions by others, and deletions of deletions, lose their relationship.
// Eager: few rows, only events that were stubs.
UNWIND $ids AS id
MATCH (target:Event {id: id})<-[link:DELETES {unseen: true}]-(deletion:Event)
SET link.unseen = null
WITH target, deletion, link WHERE target.pubkey <> deletion.pubkey OR target.kind = 5
DELETE link

// name: advance_checkpoint
// Parameters projection, stream_seq, stream_time (unix seconds of that message in the log). Never goes back.
MERGE (checkpoint:Checkpoint {projection: $projection})
SET checkpoint.stream_time = CASE WHEN coalesce(checkpoint.stream_seq, 0) <= $stream_seq
                                  THEN $stream_time ELSE checkpoint.stream_time END,
    checkpoint.stream_seq = CASE WHEN coalesce(checkpoint.stream_seq, 0) <= $stream_seq
                                 THEN $stream_seq ELSE checkpoint.stream_seq END

// name: read_checkpoint
// Parameter projection. At most one row: stream_seq, stream_time.
MATCH (checkpoint:Checkpoint {projection: $projection})
RETURN checkpoint.stream_seq AS stream_seq, checkpoint.stream_time AS stream_time

// name: all_dvms
// Parameter limit. Rows: pubkey of the DVMs, lowest first; the interest set of the collectors.
// Label scan: it wants all of a label that few nodes have, and is asked every few seconds at most.
MATCH (dvm:DVM) RETURN dvm.pubkey AS pubkey ORDER BY pubkey LIMIT $limit
