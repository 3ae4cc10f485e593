// name: unique_entity
// One node per public key, user and DVM alike.
CREATE CONSTRAINT entity_pubkey IF NOT EXISTS FOR (n:Entity) REQUIRE n.pubkey IS UNIQUE

// name: unique_event
// One node per event id; a Stub until the event itself is seen.
CREATE CONSTRAINT event_id IF NOT EXISTS FOR (n:Event) REQUIRE n.id IS UNIQUE

// name: unique_invoice
// Payment hash, else sha256 of the lower-cased invoice.
CREATE CONSTRAINT invoice_id IF NOT EXISTS FOR (n:Invoice) REQUIRE n.id IS UNIQUE

// name: unique_receipt
// A receipt is an event (zap receipt, nutzap) and has that event's id.
CREATE CONSTRAINT receipt_id IF NOT EXISTS FOR (n:Receipt) REQUIRE n.id IS UNIQUE

// name: unique_address
// NIP-01 coordinate `<kind>:<pubkey>:<d>` of addressable events.
CREATE CONSTRAINT address_id IF NOT EXISTS FOR (n:Address) REQUIRE n.id IS UNIQUE

// name: unique_checkpoint
// One checkpoint per projection.
CREATE CONSTRAINT checkpoint_projection IF NOT EXISTS FOR (n:Checkpoint) REQUIRE n.projection IS UNIQUE

// name: index_request_time
// Newest jobs first.
CREATE INDEX request_created_at IF NOT EXISTS FOR (n:Request) ON (n.created_at)

// name: index_request_kind_time
// Newest jobs of a kind first.
CREATE INDEX request_kind_created_at IF NOT EXISTS FOR (n:Request) ON (n.kind, n.created_at)

// name: index_event_author_time
// An entity's events, newest first; open requests of a customer (L6).
CREATE INDEX event_pubkey_created_at IF NOT EXISTS FOR (n:Event) ON (n.pubkey, n.created_at)

// name: index_orphan
// Results that name no request, found again when a request of their customer arrives (L6).
CREATE INDEX orphan_customer IF NOT EXISTS FOR (n:Orphan) ON (n.customer, n.created_at)

// name: index_address_author
// The announcements of an entity.
CREATE INDEX address_pubkey IF NOT EXISTS FOR (n:Address) ON (n.pubkey)

// name: list_constraints
// Rows: name of every constraint that exists.
SHOW CONSTRAINTS YIELD name RETURN name

// name: list_indexes
// Rows: name and state of every index that exists.
SHOW INDEXES YIELD name, state RETURN name, state

// name: await_indexes
// Waits up to $seconds until all indexes are online.
CALL db.awaitIndexes($seconds)

// name: wipe_batch
// Deletes up to $limit nodes with their relationships; one row: deleted. Repeat until it is 0.
MATCH (n) WITH n LIMIT $limit DETACH DELETE n RETURN count(*) AS deleted
