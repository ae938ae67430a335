//! feed tests to be written.
