//! What addresses are read as, and which contracts a list of them allows.

use super::*;

#[test]
fn contracts_are_kept_in_lower_case() {
    for (written, kept) in [
        ("0xdac17f958d2ee523a2206206994597c13d831ec7", "0xdac17f958d2ee523a2206206994597c13d831ec7"),
        ("0xdAC17F958D2ee523a2206206994597C13D831ec7", "0xdac17f958d2ee523a2206206994597c13d831ec7"),
        (" 0xDAC17F958D2EE523A2206206994597C13D831EC7\n", "0xdac17f958d2ee523a2206206994597c13d831ec7"),
        ("0x0000000000000000000000000000000000000000", "0x0000000000000000000000000000000000000000"),
        ("0x000000000000000000000000000000000000000a", "0x000000000000000000000000000000000000000a"),
    ] {
        assert_eq!(written.parse::<ContractEntry>().map(|entry| entry.to_string()), Ok(kept.to_owned()));
        assert_eq!(kept.parse::<ContractEntry>(), written.parse::<ContractEntry>(), "what is kept is read as the same");
    }
}

#[test]
fn what_is_no_contract_says_how_to_write_one() {
    for wrong in [
        "",
        "0x",
        "dac17f958d2ee523a2206206994597c13d831ec7",
        "0Xdac17f958d2ee523a2206206994597c13d831ec7",
        "0xdac17f958d2ee523a2206206994597c13d831ec",
        "0xdac17f958d2ee523a2206206994597c13d831ec70",
        "0xgac17f958d2ee523a2206206994597c13d831ec7",
        "0x+ac17f958d2ee523a2206206994597c13d831ec7",
        "0xé17f958d2ee523a2206206994597c13d831ec7",
        "vitalik.eth",
    ] {
        let error = wrong.parse::<ContractEntry>().expect_err(wrong).to_string();
        assert!(error.contains(&format!("`{wrong}` is not the address of a contract")), "{error}");
    }
    let spaced = " 0xdac17f958d2ee523a2206206994597c13d831ec7";
    assert!(spaced.parse::<ContractAddress>().is_err(), "what a call says is read to the letter");
}

#[test]
fn a_thousand_contracts_allow_themselves_and_no_other() {
    let address =
        |number: u32| format!("0x{:040x}", u64::from(number) << 32 | 7).parse::<ContractEntry>().expect("a contract");
    let entries: Vec<ContractEntry> = (0..1_000).map(|number| address(number * 2)).collect();
    let contracts = ContractSet::of(&entries);
    for number in 0..2_000 {
        assert_eq!(contracts.allows(address(number).0), number % 2 == 0, "{number}");
    }
    assert!(!ContractSet::default().allows(address(0).0));
}
