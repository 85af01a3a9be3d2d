//! A server for recorded clients: what it answers and when it closes is decided by the library's
//! textbook rule, so the same scenario can be predicted.
