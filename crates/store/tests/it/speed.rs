//! speed tests to be written.
