//! `[api.NAME.price]`: what calls cost: a default, a built-in list, and methods of the operator's own.

use domain::{
    api::Protocol,
    price::{MAX_PRICES, Price, PriceList, evm_2023},
};

use crate::config::{nearest::nearest, reader::Field};

/// The dearest price: a charge is counted in 32 bits.
pub const MAX_PRICE: u64 = u32::MAX as u64;

const BUILT_IN: &str = "evm-2023";

/// Reads the table. The operator's own prices come before those of a built-in list.
pub fn read(field: &Field<'_>, protocol: Protocol) -> Option<PriceList> {
    let mut section = field.section("a table such as { default = 1, \"GET /status\" = \"free\" }")?;
    let mut prices = match section.take("list") {
        Some(list) => built_in(&list, protocol)?,
        None => PriceList::default(),
    };
    if let Some(default) = section.take("default").and_then(|field| price(&field)) {
        prices.default = default;
    }
    for (pattern, _, field) in section.take_others() {
        if let Some(near) = nearest(pattern, ["default", "list"]) {
            field.refuse("looks like a slip, not like a method", Some(format!("did you mean `{near}`?")));
            continue;
        }
        if let Some(reason) = unfit(pattern, protocol) {
            field.refuse(reason, None);
            continue;
        }
        let Some(price) = price(&field) else { continue };
        prices.patterns.retain(|(known, _)| known != pattern);
        prices.patterns.push((pattern.to_owned(), price));
    }
    if prices.patterns.len() > MAX_PRICES {
        field.refuse(format!("{} prices are more than {MAX_PRICES}", prices.patterns.len()), None);
    }
    Some(prices)
}

fn built_in(field: &Field<'_>, protocol: Protocol) -> Option<PriceList> {
    match field.text("the name of a built-in price list")? {
        BUILT_IN if protocol == Protocol::JsonRpc => Some(evm_2023()),
        BUILT_IN => {
            field.refuse(format!("{BUILT_IN} prices JSON-RPC methods; this API is rest"), None);
            None
        }
        _ => {
            field.expected(&format!("\"{BUILT_IN}\", the built-in price list"));
            None
        }
    }
}

fn price(field: &Field<'_>) -> Option<Price> {
    match field.as_text() {
        Some("free") => Some(Price::Free),
        Some(_) => {
            field.expected(&format!("credits from 0 to {MAX_PRICE}, or \"free\" (neither a request nor credits)"));
            None
        }
        None => field.whole(0..=MAX_PRICE).map(|credits| Price::Credits(credits as u32)),
    }
}

/// Why a pattern can match no call of an API of this protocol.
fn unfit(pattern: &str, protocol: Protocol) -> Option<String> {
    match protocol {
        Protocol::Rest => domain::path::VerbPattern::parse(pattern).err().map(|fault| fault.to_string()),
        Protocol::JsonRpc => {
            let plain = |b: u8| b.is_ascii_alphanumeric() || b"_.*-".contains(&b);
            let good = !pattern.is_empty()
                && pattern.len() <= domain::request_log::MAX_METHOD
                && pattern.bytes().all(plain)
                && pattern.matches('*').count() <= 1;
            (!good).then(|| "expected a JSON-RPC method such as eth_call, or with one * such as eth_get*".to_owned())
        }
    }
}
