//! Real parts for tests: servers that a test starts on free ports of its own and stops by their process ids.
