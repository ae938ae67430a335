//! The shapes of params, each a function that adds the contracts it finds. A parameter that no shape asks for is stepped over;
//! one behind those of the method is refused when it could override anything, whatever a node calls it.

use super::{Reason, walk::Walk};

#[cfg(test)]
mod tests;

type Step = Result<(), Reason>;

/// Members of a call that replace state, code or the block, in one node or another. A list of authorizations (EIP-7702) puts
/// the code of any contract behind the address of an account.
const OVERRIDES: [&str; 5] =
    ["authorizationList", "blockOverride", "blockOverrides", "stateOverride", "stateOverrides"];
/// Where a bundle has its calls.
const BUNDLE: [&str; 2] = ["calls", "transactions"];
/// Everything that matters in an object that is a call or a bundle.
const CALL: [&str; 8] =
    ["to", OVERRIDES[0], OVERRIDES[1], OVERRIDES[2], OVERRIDES[3], OVERRIDES[4], BUNDLE[0], BUNDLE[1]];
/// The tracers of geth and its kin that look at the traced call only. Any other text is a program to geth, which may read the
/// state of every contract; `muxTracer` takes such programs inside.
const TRACERS: [&str; 5] = ["4byteTracer", "callTracer", "flatCallTracer", "noopTracer", "prestateTracer"];

/// `[address, …]`: balance, code, storage, nonce, proof.
pub(super) fn account(walk: &mut Walk<'_>) -> Step {
    walk.elements(|walk, index| if index == 0 { walk.address() } else { walk.skip() })
}

/// `[call, block?, state overrides?, block overrides?]`
pub(super) fn call(walk: &mut Walk<'_>) -> Step {
    walk.elements(|walk, index| match index {
        0 => call_object(walk),
        1 => walk.skip(),
        _ => walk.no_override(),
    })
}

/// `[call, block?, config?]` of `debug_traceCall`.
pub(super) fn call_config(walk: &mut Walk<'_>) -> Step {
    walk.elements(|walk, index| match index {
        0 => call_object(walk),
        1 => walk.skip(),
        2 => trace_config(walk),
        _ => walk.no_override(),
    })
}

/// `[call, kinds of trace, block?, …]`
pub(super) fn call_with_trace(walk: &mut Walk<'_>) -> Step {
    walk.elements(|walk, index| match index {
        0 => call_object(walk),
        1 | 2 => walk.skip(),
        _ => walk.no_override(),
    })
}

/// `[[[call, kinds of trace], …], block?, …]`
pub(super) fn calls_with_traces(walk: &mut Walk<'_>) -> Step {
    walk.elements(|walk, index| match index {
        0 => walk.elements(|walk, _| call_and_kinds(walk)),
        1 => walk.skip(),
        _ => walk.no_override(),
    })
}

/// `[[bundle, …], context?, state overrides?, time-out?]`; older nodes have calls instead of bundles.
pub(super) fn bundles(walk: &mut Walk<'_>) -> Step {
    walk.elements(|walk, index| match index {
        0 => walk.elements(|walk, _| call_or_bundle(walk)),
        1 => walk.skip(),
        _ => walk.no_override(),
    })
}

/// `[[bundle, …], context?, config?]` of `debug_traceCallMany`.
pub(super) fn traced_bundles(walk: &mut Walk<'_>) -> Step {
    walk.elements(|walk, index| match index {
        0 => walk.elements(|walk, _| call_or_bundle(walk)),
        1 => walk.skip(),
        2 => trace_config(walk),
        _ => walk.no_override(),
    })
}

/// `[{blockStateCalls: [{calls: [call, …]}, …]}, block?]`; drafts of it had the blocks, or calls, in an array right here.
pub(super) fn simulation(walk: &mut Walk<'_>) -> Step {
    walk.elements(|walk, index| match index {
        0 if walk.is_array() => walk.elements(|walk, _| call_or_bundle(walk)),
        0 => walk.members(&["blockStateCalls"], |walk, _| walk.elements(|walk, _| call_or_bundle(walk))),
        1 => walk.skip(),
        _ => walk.no_override(),
    })
}

/// `[transaction]`, which the node signs.
pub(super) fn transaction_request(walk: &mut Walk<'_>) -> Step {
    walk.elements(|walk, index| if index == 0 { call_object(walk) } else { walk.no_override() })
}

/// `[signed transaction, …]`; what follows are kinds of trace, a time-out or preferences.
pub(super) fn raw_transaction(walk: &mut Walk<'_>) -> Step {
    walk.elements(|walk, index| if index == 0 { walk.transaction() } else { walk.skip() })
}

/// `[signed transaction, conditions?]`. Conditions on the storage of accounts tell whether a guess at it is right, so they
/// touch these accounts.
pub(super) fn conditional_transaction(walk: &mut Walk<'_>) -> Step {
    walk.elements(|walk, index| match index {
        0 => walk.transaction(),
        1 if walk.is_null()? => Ok(()),
        1 => walk.members(&["knownAccounts"], |walk, _| walk.address_names()),
        _ => walk.no_override(),
    })
}

/// `[{tx: signed transaction, …}]`
pub(super) fn wrapped_transaction(walk: &mut Walk<'_>) -> Step {
    walk.elements(|walk, index| match index {
        0 if walk.is_text() => walk.transaction(),
        0 => walk.members(&["tx"], |walk, _| walk.transaction()),
        _ => walk.no_override(),
    })
}

/// `[{txs: [signed transaction, …], …}]`
pub(super) fn transactions(walk: &mut Walk<'_>) -> Step {
    walk.elements(|walk, index| match index {
        0 => walk.members(&["txs"], |walk, _| walk.elements(|walk, _| walk.transaction())),
        _ => walk.no_override(),
    })
}

/// `[filter]` of logs.
pub(super) fn log_query_first(walk: &mut Walk<'_>) -> Step {
    walk.elements(|walk, index| if index == 0 { log_query(walk) } else { walk.skip() })
}

/// A filter of logs. Without an address it is for the logs of all contracts, also within a single block.
pub(super) fn log_query(walk: &mut Walk<'_>) -> Step {
    walk.members(&["address"], |walk, _| {
        if walk.is_array() {
            walk.elements(|walk, _| walk.address())
        } else if walk.is_null()? {
            Ok(())
        } else {
            walk.address()
        }
    })
}

/// `[operation, entry point, state overrides?]` of ERC-4337, in the forms of 0.6 (`initCode`, `paymasterAndData`) and later.
///
/// Touched are all whose code the bundler's transaction enters because the operation names them: the entry point, the account,
/// the factory that makes the account, the paymaster. What the account calls is in its own encoding: not seen.
pub(super) fn user_operation(walk: &mut Walk<'_>) -> Step {
    let (mut has_sender, mut has_entry_point) = (false, false);
    walk.elements(|walk, index| match index {
        0 => operation(walk).map(|found| has_sender = found),
        1 => walk.address().map(|()| has_entry_point = true),
        _ => walk.no_override(),
    })?;
    if has_sender && has_entry_point { Ok(()) } else { Err(Reason::NoAddress) }
}

/// Whether it says whose operation it is.
fn operation(walk: &mut Walk<'_>) -> Result<bool, Reason> {
    const NAMES: [&str; 6] = ["sender", "factory", "initCode", "paymaster", "paymasterAndData", "eip7702Auth"];
    let mut has_sender = false;
    walk.members(&NAMES, |walk, name| match name {
        "sender" => walk.address().map(|()| has_sender = true),
        "eip7702Auth" => walk.no_override(),
        _ if walk.is_null()? => Ok(()),
        // `0x` is how some write that there is none.
        _ => walk.leading_address(),
    })?;
    Ok(has_sender)
}

fn call_and_kinds(walk: &mut Walk<'_>) -> Step {
    walk.elements(|walk, index| match index {
        0 => call_object(walk),
        1 => walk.skip(),
        _ => walk.no_override(),
    })
}

fn call_object(walk: &mut Walk<'_>) -> Step {
    match call_parts(walk)? {
        Parts { has_to: true, has_calls: false } => Ok(()),
        Parts { has_calls: false, .. } => Err(Reason::Creation),
        Parts { .. } => Err(Reason::Shape),
    }
}

fn call_or_bundle(walk: &mut Walk<'_>) -> Step {
    match call_parts(walk)? {
        Parts { has_to: true, has_calls: true } => Err(Reason::Shape),
        Parts { has_to: false, has_calls: false } => Err(Reason::Creation),
        Parts { .. } => Ok(()),
    }
}

/// What an object that is a call or a bundle has.
struct Parts {
    has_to: bool,
    has_calls: bool,
}

fn call_parts(walk: &mut Walk<'_>) -> Result<Parts, Reason> {
    let mut parts = Parts { has_to: false, has_calls: false };
    walk.members(&CALL, |walk, name| match name {
        "to" if walk.is_null()? => Ok(()),
        "to" => {
            parts.has_to = true;
            walk.address()
        }
        name if BUNDLE.contains(&name) => {
            parts.has_calls = true;
            walk.elements(|walk, _| call_object(walk))
        }
        _ => walk.no_override(),
    })?;
    Ok(parts)
}

fn trace_config(walk: &mut Walk<'_>) -> Step {
    if walk.is_null()? {
        return Ok(());
    }
    const NAMES: [&str; 5] = [OVERRIDES[1], OVERRIDES[2], OVERRIDES[3], OVERRIDES[4], "tracer"];
    walk.members(&NAMES, |walk, name| match name {
        "tracer" if walk.is_null()? => Ok(()),
        "tracer" if TRACERS.contains(&&*walk.text()?) => Ok(()),
        "tracer" => Err(Reason::Tracer),
        _ => walk.no_override(),
    })
}
