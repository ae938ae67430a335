//! ledger_model tests to be written.
