//! Password: what proves who signs in. Hashed with Argon2id (RFC 9106), away from the threads that answer, a few at a time: each
//! hashing takes 19 MiB and tens of milliseconds, and must not be a way to bring the control plane down.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use argon2::{Argon2, PasswordHasher, PasswordVerifier};
use axum::http::StatusCode;
use domain::person::Email;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::error::Problem;

/// The shortest password, in characters (NIST SP 800-63B asks for 8; this one may be the only factor).
pub const MIN: usize = 10;
/// The longest password, in characters.
pub const MAX: usize = 256;
/// Hashings at once.
pub const AT_ONCE: usize = 4;
/// Hashings that run or wait; more are refused.
pub const MAX_WAITING: usize = 64;

/// No password has this hash; it has the parameters of those that are stored, so that hashing against it takes as long.
const NOBODY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5bm9ib2R5bm9ibw$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// Hashes passwords, so many at a time.
pub struct Passwords {
    running: Arc<Semaphore>,
    waiting: Arc<Semaphore>,
    hashings: AtomicU64,
}

impl Default for Passwords {
    fn default() -> Passwords {
        Passwords {
            running: Arc::new(Semaphore::new(AT_ONCE)),
            waiting: Arc::new(Semaphore::new(MAX_WAITING)),
            hashings: AtomicU64::new(0),
        }
    }
}

impl Passwords {
    /// The hash of a password as PHC text. `salt`: random bytes, of which the first 16 are used.
    ///
    /// Errors: 503 when too many wait.
    pub async fn hash(&self, password: &str, salt: [u8; 32]) -> Result<String, Problem> {
        let password = password.to_owned();
        let hashed =
            self.run(move || Argon2::default().hash_password_with_salt(password.as_bytes(), &salt[..16])).await?;
        hashed.map(|hash| hash.to_string()).map_err(Problem::internal)
    }

    /// The hash of a password that somebody chooses, if it may be one.
    ///
    /// Errors: 422 with the field's name; 503 when too many wait.
    pub async fn chosen(&self, field: &str, password: &str, salt: [u8; 32]) -> Result<String, Problem> {
        check(field, password, None)?;
        self.hash(password, salt).await
    }

    /// Whether the password has this hash. Without a hash the answer is no, after the same work.
    ///
    /// Errors: 503 when too many wait.
    pub async fn verify(&self, password: &str, hash: Option<&str>) -> Result<bool, Problem> {
        let (password, hash) = (password.to_owned(), hash.unwrap_or(NOBODY).to_owned());
        self.run(move || Argon2::default().verify_password(password.as_bytes(), hash.as_str()).is_ok()).await
    }

    /// How often was hashed since the start: what tests compare.
    pub fn hashings(&self) -> u64 {
        self.hashings.load(Ordering::Relaxed)
    }

    async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, Problem> {
        let _place = Arc::clone(&self.waiting).try_acquire_owned().map_err(|_| busy())?;
        let permit: OwnedSemaphorePermit =
            Arc::clone(&self.running).acquire_owned().await.map_err(Problem::internal)?;
        self.hashings.fetch_add(1, Ordering::Relaxed);
        // The permit goes along: a caller who hangs up does not make room for another hashing before this one is done.
        let done = tokio::task::spawn_blocking(move || {
            let done = work();
            drop(permit);
            done
        });
        done.await.map_err(Problem::internal)
    }
}

/// Whether somebody with this mail address may choose this password.
///
/// Errors: 422 with the field's name and what to do about it.
pub fn check(field: &str, password: &str, email: Option<&Email>) -> Result<(), Problem> {
    let refused = |why: String| Err(Problem::field(field, why));
    let length = password.chars().count();
    if length < MIN {
        return refused(format!(
            "a password has at least {MIN} characters; a few words in a row are easy to keep in mind"
        ));
    }
    if length > MAX {
        return refused(format!("a password has at most {MAX} characters"));
    }
    let lower = password.to_lowercase();
    if email.is_some_and(|email| email.as_compared().contains(&lower) || lower.contains(email.as_compared())) {
        return refused("the password is your mail address; choose one that nobody can guess".to_owned());
    }
    if !has_variety(&lower) {
        return refused(
            "the password repeats the same few characters, or is one of the first that are guessed".to_owned(),
        );
    }
    Ok(())
}

/// Whether it has at least four different characters and does not only count up or down, as `0123456789` does.
fn has_variety(lower: &str) -> bool {
    let mut different: Vec<char> = lower.chars().collect();
    let steps = different.windows(2).map(|pair| i64::from(u32::from(pair[1])) - i64::from(u32::from(pair[0])));
    let counts = steps.clone().all(|step| step == 1) || steps.clone().all(|step| step == -1);
    different.sort_unstable();
    different.dedup();
    let is_known = KNOWN.iter().any(|known| lower.trim_end_matches(|c: char| !c.is_alphabetic()) == *known);
    different.len() >= 4 && !counts && !is_known
}

/// What people choose first, without the digits and signs that they put behind.
const KNOWN: [&str; 8] =
    ["password", "passwort", "qwertyuiop", "qwertzuiop", "administrator", "letmein", "iloveyou", "welcome"];

fn busy() -> Problem {
    let detail = "Too many people sign in at this moment.";
    Problem::new(StatusCode::SERVICE_UNAVAILABLE, "not_ready", detail).hint("Try again in a few seconds.")
}

#[cfg(test)]
mod tests;
