//! What would change it.
