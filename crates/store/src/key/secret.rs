//! Secrets of keys, as the columns of a key's row hold them: all of them, or none.

use domain::{
    key::secret::{FormerSecret, Secret, SecretHash},
    time::Timestamp,
};

use crate::StoreError;

/// The columns. Without a secret, each is empty.
#[derive(Clone, Debug, Default)]
pub(crate) struct Columns {
    pub hash: Option<Vec<u8>>,
    pub mask: Option<String>,
    pub drawn_at: Option<i64>,
    pub required_at: Option<i64>,
    pub former_hash: Option<Vec<u8>>,
    pub former_expires_at: Option<i64>,
}

impl Columns {
    /// What is written of a secret.
    pub fn of(secret: Option<&Secret>) -> Columns {
        let Some(secret) = secret else { return Columns::default() };
        Columns {
            hash: Some(secret.hash.0.to_vec()),
            mask: Some(secret.mask.clone()),
            drawn_at: Some(secret.drawn_at.micros()),
            required_at: secret.required_at.map(Timestamp::micros),
            former_hash: secret.former.map(|former| former.hash.0.to_vec()),
            former_expires_at: secret.former.map(|former| former.expires_at.micros()),
        }
    }

    /// What was written.
    ///
    /// Errors: `Corrupt` when a hash has not its length, or one of two columns that belong together is empty.
    pub fn read(self) -> Result<Option<Secret>, StoreError> {
        let corrupt = || StoreError::Corrupt { what: "key.secret" };
        let hash = |bytes: Vec<u8>| bytes.try_into().map(SecretHash).map_err(|_| corrupt());
        let Some(of_secret) = self.hash else { return Ok(None) };
        let former = match (self.former_hash, self.former_expires_at) {
            (Some(of_former), Some(end)) => {
                Some(FormerSecret { hash: hash(of_former)?, expires_at: Timestamp::from_micros(end) })
            }
            (None, None) => None,
            _ => return Err(corrupt()),
        };
        Ok(Some(Secret {
            hash: hash(of_secret)?,
            mask: self.mask.ok_or_else(corrupt)?,
            drawn_at: Timestamp::from_micros(self.drawn_at.ok_or_else(corrupt)?),
            required_at: self.required_at.map(Timestamp::from_micros),
            former,
        }))
    }
}
