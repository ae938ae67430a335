//! Signed transactions: whom they go to. The forms that Ethereum's mainnet takes; a form of one chain only is not decoded, and
//! what is not decoded is denied. Signatures are not looked at: a node refuses those that are wrong.

use domain::allowlist::ContractAddress;

use super::{
    Reason,
    rlp::{Item, take},
};

#[cfg(test)]
mod tests;

/// The fields of a form, by their places.
struct Form {
    /// How many there are.
    fields: usize,
    /// The recipient.
    to: usize,
    /// Which of them are lists; all others are bytes.
    lists: &'static [usize],
    /// Delegations to the code of contracts; one of the lists.
    authorizations: Option<usize>,
}

/// The fields of the longest form.
const MAX_FIELDS: usize = 14;
/// nonce, gas price, gas, to, value, data, v, r, s: with the chain in `v` (EIP-155) and without.
const LEGACY: Form = Form { fields: 9, to: 3, lists: &[], authorizations: None };
/// chain, nonce, gas price, gas, to, value, data, access list, parity, r, s.
const EIP_2930: Form = Form { fields: 11, to: 4, lists: &[7], authorizations: None };
/// chain, nonce, priority fee, fee, gas, to, value, data, access list, parity, r, s.
const EIP_1559: Form = Form { fields: 12, to: 5, lists: &[8], authorizations: None };
/// As 1559, with the fee and the hashes of blobs behind the access list.
const EIP_4844: Form = Form { fields: 14, to: 5, lists: &[8, 10], authorizations: None };
/// As 1559, with authorizations behind the access list.
const EIP_7702: Form = Form { fields: 13, to: 5, lists: &[8, 9], authorizations: Some(9) };

/// The recipient of a signed transaction.
///
/// Errors: it creates a contract, it delegates the code of one, or it is not one that we can decode.
pub(super) fn recipient(signed: &[u8]) -> Result<ContractAddress, Reason> {
    let (form, encoded) = match signed {
        [0x01, rest @ ..] => (EIP_2930, rest),
        [0x02, rest @ ..] => (EIP_1559, rest),
        [0x03, rest @ ..] => return of_blobs(rest).ok_or(Reason::Transaction)?,
        [0x04, rest @ ..] => (EIP_7702, rest),
        // Other types of EIP-2718, and no bytes at all, are no list.
        _ => (LEGACY, signed),
    };
    let payload = only_list(encoded).ok_or(Reason::Transaction)?;
    of_fields(&form, payload)
}

/// A transaction with blobs is sent with them around it: a list of it, blobs, commitments and proofs (EIP-4844), or of it, a
/// version and these (EIP-7594).
fn of_blobs(encoded: &[u8]) -> Option<Result<ContractAddress, Reason>> {
    let payload = only_list(encoded)?;
    let Item::List(inside) = take(&mut &*payload)? else { return Some(of_fields(&EIP_4844, payload)) };
    let mut fields = [Item::Bytes(&[]); MAX_FIELDS];
    match fields_of(payload, &mut fields)? {
        [_, Item::List(_), Item::List(_), Item::List(_)]
        | [_, Item::Bytes(_), Item::List(_), Item::List(_), Item::List(_)] => Some(of_fields(&EIP_4844, inside)),
        _ => None,
    }
}

fn of_fields(form: &Form, payload: &[u8]) -> Result<ContractAddress, Reason> {
    let mut fields = [Item::Bytes(&[]); MAX_FIELDS];
    let fields = fields_of(payload, &mut fields).ok_or(Reason::Transaction)?;
    let is_list = |place: usize| matches!(fields[place], Item::List(_));
    let fits =
        fields.len() == form.fields && (0..fields.len()).all(|place| is_list(place) == form.lists.contains(&place));
    if !fits {
        return Err(Reason::Transaction);
    }
    if form.authorizations.is_some_and(|place| fields[place] != Item::List(&[])) {
        return Err(Reason::Override);
    }
    match fields[form.to] {
        Item::Bytes([]) => Err(Reason::Creation),
        Item::Bytes(to) => to.try_into().map(ContractAddress).map_err(|_| Reason::Transaction),
        Item::List(_) => Err(Reason::Transaction),
    }
}

/// What is in a list with nothing behind it.
fn only_list(mut encoded: &[u8]) -> Option<&[u8]> {
    match take(&mut encoded)? {
        Item::List(payload) if encoded.is_empty() => Some(payload),
        _ => None,
    }
}

/// The items of a list; None if there are more than any transaction has.
fn fields_of<'a, 'f>(mut payload: &'a [u8], into: &'f mut [Item<'a>; MAX_FIELDS]) -> Option<&'f [Item<'a>]> {
    let mut len = 0;
    while !payload.is_empty() {
        *into.get_mut(len)? = take(&mut payload)?;
        len += 1;
    }
    Some(&into[..len])
}
