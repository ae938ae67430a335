//! Letter names: what each letter is called in templates, on the command line and in docs/mail.md; who gets it, and when.

/// The names of all letters, with what is known of each.
macro_rules! letters {
    ($($name:ident $word:literal, $to:literal, $when:literal, [$($fact:literal),*];)*) => {
        /// A letter that Keyward writes.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum LetterName {
            $(
                #[doc = concat!("To ", $to, ": ", $when, ".")]
                $name,
            )*
        }

        impl LetterName {
            /// All of them.
            pub const ALL: &[LetterName] = &[$(LetterName::$name),*];

            /// What it is called.
            pub fn as_str(self) -> &'static str {
                match self { $(LetterName::$name => $word),* }
            }

            /// Who gets it.
            pub fn to(self) -> &'static str {
                match self { $(LetterName::$name => $to),* }
            }

            /// When it is written.
            pub fn when(self) -> &'static str {
                match self { $(LetterName::$name => $when),* }
            }

            /// What its templates can name, beside what every letter has.
            pub fn facts(self) -> &'static [&'static str] {
                match self { $(LetterName::$name => &[$($fact),*]),* }
            }
        }
    };
}

letters! {
    Registration "registration", "who registers", "to confirm the address", ["name", "account", "until"];
    AlreadyRegistered "already_registered", "a person", "somebody registered with their address", ["name"];
    Invitation "invitation", "who is invited", "somebody offers them a seat, or the operator an account",
        ["name", "email", "account", "inviter", "role", "key", "until"];
    Reset "reset", "a person", "somebody asked to choose a new password", ["name", "until"];
    PasswordChanged "password_changed", "the person", "their password is another", ["name", "at", "from"];
    AddressChange "address_change", "the new address", "a person wants to sign in with it", ["name", "email", "until"];
    AddressChanged "address_changed", "the old address", "the person signs in with another", ["name", "email", "at", "from"];
    SignIn "sign_in", "the person", "they signed in with a browser or from an address that is new", ["name", "agent", "at", "from"];
    SecondFactorOn "second_factor_on", "the person", "a second factor was set up", ["name", "at", "from"];
    SecondFactorOff "second_factor_off", "the person", "the second factor was taken away", ["name", "at", "from"];
    RecoveryCodes "recovery_codes", "the person", "new recovery codes were drawn", ["name", "at", "from"];
    AccessToken "access_token", "the person", "they made an access token", ["name", "token", "account", "at", "from"];
    MemberSuspended "member_suspended", "the member", "their seat was suspended", ["name", "account", "by"];
    MemberActivated "member_activated", "the member", "their seat was activated again", ["name", "account", "by"];
    MemberRemoved "member_removed", "the member", "their seat was removed", ["name", "account", "by"];
    MemberEnds "member_ends", "the member", "their seat was given an end", ["name", "account", "by", "until"];
    MemberNoEnd "member_no_end", "the member", "the end of their seat was taken away", ["name", "account", "by"];
    MemberEndsSoon "member_ends_soon", "the member, the owner", "a week and a day before a seat ends", ["name", "account", "member", "until"];
    MemberLeft "member_left", "the owner", "a member gave their seat up", ["name", "account", "by"];
    KeysReceived "keys_received", "the new holder", "keys of another member were handed over to them", ["name", "account", "by", "former", "keys"];
    KeyTaken "key_taken", "the holder so far", "a key of theirs was handed over", ["name", "account", "by", "key", "holder"];
    KeyEndsSoon "key_ends_soon", "who calls with the key, the owner", "a week and a day before a key ends", ["name", "account", "key", "holder", "until"];
    ValueLeaked "value_leaked", "the value's member, the owner", "the value was reported as leaked", ["name", "account", "key", "value", "place", "done"];
    OwnershipOffered "ownership_offered", "the member", "the owner offers them the account", ["name", "account", "by", "until"];
    OwnershipWithdrawn "ownership_withdrawn", "the member", "the owner took the offer back", ["name", "account", "by"];
    OwnershipDeclined "ownership_declined", "the owner", "the member does not want the account", ["name", "account", "by"];
    OwnershipGiven "ownership_given", "who owned the account", "the member accepted it", ["name", "account", "by"];
    OwnershipTaken "ownership_taken", "the new owner", "they accepted the account", ["name", "account", "by"];
    AccountSuspended "account_suspended", "the owner", "the operator suspended the account", ["name", "account", "reason"];
    AccountActivated "account_activated", "the owner", "the operator activated it again", ["name", "account"];
    AccountPlan "account_plan", "the owner", "the operator put it under another plan", ["name", "account", "api", "plan"];
}

impl LetterName {
    /// The letter of this name.
    pub fn find(word: &str) -> Option<LetterName> {
        LetterName::ALL.iter().copied().find(|name| name.as_str() == word)
    }
}
