//! Words: an enum whose variants each have one word, the same in database, JSON, page and command line.

/// Gives `$type` its words: `as_str`, `Display`, and `FromStr` with an error that lists them all.
macro_rules! words {
    ($type:ident $error:ident $known:literal $($variant:ident $word:literal)*) => {
        impl $type {
            /// The word for it everywhere: database, JSON, page, command line.
            pub const fn as_str(self) -> &'static str {
                match self { $($type::$variant => $word),* }
            }
        }

        impl std::fmt::Display for $type {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        /// Why a text is not one of the words.
        #[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
        #[error("`{0}` is not one of: {known}", known = $known)]
        pub struct $error(String);

        impl std::str::FromStr for $type {
            type Err = $error;
            fn from_str(text: &str) -> Result<Self, $error> {
                match text {
                    $($word => Ok($type::$variant),)*
                    other => Err($error(other.chars().take(40).collect())),
                }
            }
        }
    };
}

/// Has serde read and write types as the text that they display.
macro_rules! as_text {
    ($($type:ty),*) => {$(
        impl serde::Serialize for $type {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> serde::Deserialize<'de> for $type {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    )*};
}

pub(crate) use {as_text, words};
