//! The sockets of both ends at one instant.
