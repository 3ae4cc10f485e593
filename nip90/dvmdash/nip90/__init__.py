"""The protocol as pure functions: kinds, tags, amounts, invoices and linking rules. No I/O."""
