// name: counts
// Rows: name, value. Every figure comes from the count store, whatever the size of the graph.
MATCH (n:Event) WITH count(n) AS nodes
CALL (nodes) { MATCH (n:Stub) RETURN count(n) AS stubs }
RETURN 'events' AS name, nodes - stubs AS value
UNION ALL MATCH (n:Request) WITH count(n) AS value RETURN 'requests' AS name, value
UNION ALL MATCH (n:Result) WITH count(n) AS value RETURN 'results' AS name, value
UNION ALL MATCH (n:Feedback) WITH count(n) AS value RETURN 'feedback' AS name, value
UNION ALL MATCH (n:Entity) WITH count(n) AS value RETURN 'entities' AS name, value
UNION ALL MATCH (n:DVM) WITH count(n) AS value RETURN 'dvms' AS name, value
UNION ALL MATCH (n:User) WITH count(n) AS value RETURN 'users' AS name, value
UNION ALL MATCH (n:Invoice) WITH count(n) AS value RETURN 'invoices' AS name, value
UNION ALL MATCH (n:Receipt) WITH count(n) AS value RETURN 'receipts' AS name, value
UNION ALL MATCH (n:Announcement) WITH count(n) AS value RETURN 'announcements' AS name, value
UNION ALL MATCH (n:Deletion) WITH count(n) AS value RETURN 'deletions' AS name, value
UNION ALL MATCH (n:Stub) WITH count(n) AS value RETURN 'stubs' AS name, value

// name: event_by_id
// Parameter id. At most one row: event (map with labels), author (map or null), job (id of the request it answers or is),
// deleted_at (unix seconds or null).
MATCH (event:Event {id: $id})
OPTIONAL MATCH (author:Entity)-[:MAKES_EVENT]->(event)
OPTIONAL MATCH (event)-[:RESULT_FOR|FEEDBACK_FOR]->(request:Event)
OPTIONAL MATCH (event)<-[deletes:DELETES]-(deletion:Event) WHERE deletes.unseen IS NULL
WITH event, author, request, min(deletion.created_at) AS deleted_at
RETURN event {.*, labels: labels(event)} AS event, author {.*, labels: labels(author)} AS author,
       CASE WHEN event:Request THEN event.id ELSE request.id END AS job, deleted_at
LIMIT 1

// name: event_references
// Parameters id, limit. Rows: type, outgoing, rule, confidence, event, author of each event that this one is tied to.
MATCH (event:Event {id: $id})-[link:RESULT_FOR|FEEDBACK_FOR|REFERENCES|DELETES|PAYMENT_FOR]-(other:Event)
WHERE link.unseen IS NULL
WITH event, link, other ORDER BY other.created_at, other.id LIMIT $limit
OPTIONAL MATCH (author:Entity)-[:MAKES_EVENT]->(other)
RETURN type(link) AS type, startNode(link) = event AS outgoing, link.rule AS rule, link.confidence AS confidence,
       other {.*, labels: labels(other)} AS event, author {.*, labels: labels(author)} AS author

// name: entity_by_pubkey
// Parameter pubkey. At most one row: entity (map with labels), first_at, last_at (created_at of its events, or null).
// Ordered by the index's own keys, so that it is read from either end and no further than its first entry.
MATCH (entity:Entity {pubkey: $pubkey})
OPTIONAL CALL (entity) {
  MATCH (event:Event) WHERE event.pubkey = entity.pubkey AND event.created_at IS NOT NULL
  RETURN event.created_at AS first_at ORDER BY event.pubkey ASC, event.created_at ASC LIMIT 1
}
OPTIONAL CALL (entity) {
  MATCH (event:Event) WHERE event.pubkey = entity.pubkey AND event.created_at IS NOT NULL
  RETURN event.created_at AS last_at ORDER BY event.pubkey DESC, event.created_at DESC LIMIT 1
}
RETURN entity {.*, labels: labels(entity)} AS entity, first_at, last_at

// name: entity_announcements
// Parameters pubkey, limit. Rows: event (map with labels): the newest, undeleted version of each announcement (31990).
MATCH (address:Address {pubkey: $pubkey})
WHERE address.kind = 31990 AND (address.deleted_at IS NULL OR address.deleted_at < address.latest_at)
MATCH (event:Event {id: address.latest})
RETURN event {.*, labels: labels(event)} AS event ORDER BY event.created_at DESC LIMIT $limit

// name: entity_events
// Parameters pubkey, before_time, before_id, limit. Rows: event (map with labels), newest first, strictly before the key.
MATCH (event:Event)
WHERE event.pubkey = $pubkey AND event.created_at <= $before_time
  AND (event.created_at < $before_time OR event.id < $before_id)
RETURN event {.*, labels: labels(event)} AS event
ORDER BY event.created_at DESC, event.id DESC LIMIT $limit

// name: newest_jobs
// Parameters before_time, before_id, limit. Rows as job_by_id, newest request first, strictly before the key.
MATCH (request:Request)
WHERE request.created_at <= $before_time AND (request.created_at < $before_time OR request.id < $before_id)
WITH request ORDER BY request.created_at DESC, request.id DESC LIMIT $limit
OPTIONAL MATCH (customer:Entity)-[:MAKES_EVENT]->(request)
OPTIONAL CALL (request) {
  MATCH (request)<-[:RESULT_FOR|FEEDBACK_FOR]-(answer:Event)
  WITH answer LIMIT 1000
  WITH answer ORDER BY answer.created_at DESC, answer.id
  WITH collect(answer) AS answers, count(DISTINCT answer.pubkey) AS providers, max(answer.created_at) AS last_at
  RETURN providers, last_at,
         [each IN answers WHERE each.status_class IS NOT NULL | each.status_class][0] AS last_status
}
RETURN request {.*, labels: labels(request)} AS request, customer {.*, labels: labels(customer)} AS customer,
       count { (request)<-[:RESULT_FOR]-() } AS results, count { (request)<-[:FEEDBACK_FOR]-() } AS feedbacks,
       providers, last_status, last_at
ORDER BY request.created_at DESC, request.id DESC

// name: newest_jobs_of_kind
// Parameters kind, before_time, before_id, limit. As newest_jobs, for one kind.
MATCH (request:Request)
WHERE request.kind = $kind AND request.created_at <= $before_time
  AND (request.created_at < $before_time OR request.id < $before_id)
WITH request ORDER BY request.created_at DESC, request.id DESC LIMIT $limit
OPTIONAL MATCH (customer:Entity)-[:MAKES_EVENT]->(request)
OPTIONAL CALL (request) {
  MATCH (request)<-[:RESULT_FOR|FEEDBACK_FOR]-(answer:Event)
  WITH answer LIMIT 1000
  WITH answer ORDER BY answer.created_at DESC, answer.id
  WITH collect(answer) AS answers, count(DISTINCT answer.pubkey) AS providers, max(answer.created_at) AS last_at
  RETURN providers, last_at,
         [each IN answers WHERE each.status_class IS NOT NULL | each.status_class][0] AS last_status
}
RETURN request {.*, labels: labels(request)} AS request, customer {.*, labels: labels(customer)} AS customer,
       count { (request)<-[:RESULT_FOR]-() } AS results, count { (request)<-[:FEEDBACK_FOR]-() } AS feedbacks,
       providers, last_status, last_at
ORDER BY request.created_at DESC, request.id DESC

// name: job_by_id
// Parameter id: of a request, or of an event that answers one. At most one row: request, customer (maps with labels),
// results, feedbacks, providers (counts), last_status, last_at (unix seconds of the newest answer).
MATCH (event:Event {id: $id})
OPTIONAL MATCH (event)-[:RESULT_FOR|FEEDBACK_FOR]->(asked:Event)
WITH CASE WHEN asked IS NULL THEN event ELSE asked END AS request
WHERE request:Request OR EXISTS { (request)<-[:RESULT_FOR|FEEDBACK_FOR]-() }
WITH request LIMIT 1
OPTIONAL MATCH (customer:Entity)-[:MAKES_EVENT]->(request)
OPTIONAL CALL (request) {
  MATCH (request)<-[:RESULT_FOR|FEEDBACK_FOR]-(answer:Event)
  WITH answer LIMIT 1000
  WITH answer ORDER BY answer.created_at DESC, answer.id
  WITH collect(answer) AS answers, count(DISTINCT answer.pubkey) AS providers, max(answer.created_at) AS last_at
  RETURN providers, last_at,
         [each IN answers WHERE each.status_class IS NOT NULL | each.status_class][0] AS last_status
}
RETURN request {.*, labels: labels(request)} AS request, customer {.*, labels: labels(customer)} AS customer,
       count { (request)<-[:RESULT_FOR]-() } AS results, count { (request)<-[:FEEDBACK_FOR]-() } AS feedbacks,
       providers, last_status, last_at

// name: job_graph
// Parameters id (of the request), limit (of its answers, oldest first). Rows: one relationship each with both its nodes as
// maps with labels: source, type, rule, confidence, target. Covers the request, its answers, their invoices and receipts,
// zaps of any of them, deletions, and everybody who made, paid or got something.
MATCH (request:Event {id: $id})
OPTIONAL MATCH (request)<-[:RESULT_FOR|FEEDBACK_FOR]-(answer:Event)
WITH request, answer ORDER BY answer.created_at, answer.id LIMIT $limit
WITH request, collect(answer) AS answers
UNWIND [request] + answers AS event
CALL (event, request) {
  MATCH (source:Entity)-[link:MAKES_EVENT]->(event) RETURN source, link, event AS target
  UNION
  MATCH (event)-[link:RESULT_FOR|FEEDBACK_FOR]->(request) RETURN event AS source, link, request AS target
  UNION
  MATCH (event)-[link:HAS_INVOICE]->(target:Invoice) RETURN event AS source, link, target
  UNION
  MATCH (event)-[:HAS_INVOICE]->(source:Invoice)-[link:HAS_RECEIPT]->(target:Receipt) RETURN source, link, target
  UNION
  MATCH (event)-[:HAS_INVOICE]->(:Invoice)-[:HAS_RECEIPT]->(source:Receipt)-[link:PAYMENT_FROM|PAYMENT_TO]->(target:Entity)
  RETURN source, link, target
  UNION
  MATCH (event)<-[link:PAYMENT_FOR]-(source:Receipt) RETURN source, link, event AS target LIMIT 200
  UNION
  MATCH (event)<-[:PAYMENT_FOR]-(target:Receipt)<-[link:HAS_RECEIPT]-(source:Invoice) RETURN source, link, target LIMIT 200
  UNION
  MATCH (event)<-[:PAYMENT_FOR]-(source:Receipt)-[link:PAYMENT_FROM|PAYMENT_TO]->(target:Entity)
  RETURN source, link, target LIMIT 400
  UNION
  MATCH (event)<-[link:DELETES]-(source:Event) WHERE link.unseen IS NULL RETURN source, link, event AS target
}
RETURN DISTINCT source {.*, labels: labels(source)} AS source, type(link) AS type, link.rule AS rule,
       link.confidence AS confidence, target {.*, labels: labels(target)} AS target

// name: kinds_with_counts
// Rows: kind, requests, results: every kind seen, requests and results counted apart by their own kind.
// Label scan: there is no counter for a kind yet; the result is cached by the API.
MATCH (event:Request) RETURN event.kind AS kind, count(*) AS requests, 0 AS results
UNION ALL
MATCH (event:Result) RETURN event.kind AS kind, 0 AS requests, count(*) AS results

// name: job_member_ids
// Parameters id (of the request), limit (of its answers, oldest first). Rows: id of each event and invoice whose change
// changes the job's graph.
MATCH (request:Event {id: $id})
OPTIONAL MATCH (request)<-[:RESULT_FOR|FEEDBACK_FOR]-(answer:Event)
WITH request, answer ORDER BY answer.created_at, answer.id LIMIT $limit
WITH request, collect(answer) AS answers
UNWIND [request] + answers AS event
OPTIONAL MATCH (event)-[:HAS_INVOICE]->(invoice:Invoice)
UNWIND [event.id, invoice.id] AS id
WITH id WHERE id IS NOT NULL
RETURN DISTINCT id
