//! The choices that the specifications leave open.

/// Declares the policy with its defaults and, for the JSON contract and the help, their list.
macro_rules! policy {
    ($($(#[doc = $doc:literal])+ $name:ident = $default:literal;)*) => {
        /// Choices that the specifications leave open, each with the choice that most
        /// implementations make as its default.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub struct Policy {
            $($(#[doc = $doc])+ pub $name: bool,)*
        }

        impl Default for Policy {
            fn default() -> Self {
                Self { $($name: $default),* }
            }
        }

        /// Name, default and meaning of each choice.
        pub const CHOICES: &[Choice] = &[$(Choice {
            name: stringify!($name),
            default: $default,
            meaning: concat!($($doc),+).trim_ascii(),
        }),*];

        /// The names of the choices.
        pub const NAMES: &[&str] = &[$(stringify!($name)),*];

        impl Policy {
            /// The choice with this name, to be set.
            pub fn choice_mut(&mut self, name: &str) -> Option<&mut bool> {
                match name {
                    $(stringify!($name) => Some(&mut self.$name),)*
                    _ => None,
                }
            }
        }
    };
}

/// A choice, for lists of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Choice {
    pub name: &'static str,
    pub default: bool,
    pub meaning: &'static str,
}

policy! {
    /// Keep connections at all. Without, the side that judges has to say close in each message.
    support_persistence = true;
    /// Keep a connection for an HTTP/1.0 message that carries keep-alive.
    honour_http10_keep_alive = true;
    /// Treat an HTTP/1.1 answer to an HTTP/1.0 request as a refusal unless it carries keep-alive: the client looks for the option, not for the version.
    http10_needs_confirmation = false;
    /// Read and drop a request body that nobody wanted. Without, a body is taken to be unread and the server closes: the two heads do not tell whether it was wanted.
    drain_unread_body = true;
    /// Refuse a message with both Transfer-Encoding and Content-Length. Without, Transfer-Encoding counts; after such a request the server closes all the same.
    refuse_two_lengths = false;
    /// Refuse one Content-Length that is said more than once. Without, it counts as said once.
    refuse_repeated_length = false;
    /// Refuse a request with a field that goes on in the next line. Without, the line is joined with a space.
    refuse_folded_lines = false;
    /// Refuse a message with a control character in a value. Without, it counts as a space.
    refuse_control_characters = true;
    /// Refuse a request with a connection option that is no word, such as keep-alive=true. Without, the option is skipped.
    refuse_malformed_options = false;
    /// Close after a request of HTTP/1.1 without exactly one Host field: it is answered with 400 in any case.
    close_without_host = false;
    /// Close after a 408, whatever its fields say.
    close_after_408 = true;
    /// Close after a 204 that announces a body: it must not have one, but a server with that bug may send it, and cautious clients do not wait to see.
    close_after_204_with_length = false;
}
