//! The one contract on the chain: an ERC-20 token, as far as reading it goes.

use super::{
    chain::{Address, Chain, FIRST_TOKENS, word},
    error::RpcError,
    state,
};

/// What stands at the contract's address; nobody runs it.
pub const CODE: &[u8] = b"\xfeexample token";

/// keccak-256 of `Transfer(address,address,uint256)`, the first topic of every transfer's log (ERC-20).
pub const TRANSFER_TOPIC: &str = "0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef";

const NAME: &str = "Example Token";
const SYMBOL: &str = "EXT";
const DECIMALS: u128 = 18;

/// Calls the contract with data in its encoding: the first four bytes name the function (ERC-20).
pub fn call(chain: &Chain, data: &[u8], block: u64) -> Result<Vec<u8>, RpcError> {
    let (selector, rest) = data.split_at_checked(4).ok_or_else(RpcError::reverted)?;
    match selector {
        [0x06, 0xfd, 0xde, 0x03] => Ok(text(NAME)),
        [0x95, 0xd8, 0x9b, 0x41] => Ok(text(SYMBOL)),
        [0x31, 0x3c, 0xe5, 0x67] => Ok(word(DECIMALS).to_vec()),
        [0x18, 0x16, 0x0d, 0xdd] => Ok(word(FIRST_TOKENS * chain.accounts.len() as u128).to_vec()),
        [0x70, 0xa0, 0x82, 0x31] => {
            let holder = rest.get(12..32).and_then(|bytes| Address::try_from(bytes).ok());
            let holder = holder.ok_or_else(RpcError::reverted)?;
            Ok(word(state::tokens(chain, &holder, block)).to_vec())
        }
        _ => Err(RpcError::reverted()),
    }
}

/// A text of at most 32 bytes: where it begins, its length, itself.
fn text(text: &str) -> Vec<u8> {
    let mut padded = [0; 32];
    padded[..text.len()].copy_from_slice(text.as_bytes());
    [word(32), word(text.len() as u128), padded].concat()
}
