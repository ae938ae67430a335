//! The invented chain: accounts, one token, and 64 blocks of transfers.

use crate::example::dice;

/// No chain that is known has this id.
pub const CHAIN_ID: u64 = 7_007_007;
/// Blocks, from number 0.
pub const BLOCKS: u64 = 64;
/// What each account has at the start, in wei.
pub const FIRST_BALANCE: u128 = 1_000 * ETHER;
/// What each account has of the token at the start, in its smallest unit.
pub const FIRST_TOKENS: u128 = 10_000 * ETHER;
/// Wei for a unit of gas that are burned.
pub const BASE_FEE: u128 = 1_000_000_000;
/// What the sender of a transfer pays for a unit of gas.
pub const GAS_PRICE: u128 = 2_000_000_000;
/// Gas of a transfer of ether.
pub const GAS_OF_ETHER: u64 = 21_000;
/// Gas of a transfer of tokens.
pub const GAS_OF_TOKEN: u64 = 51_000;

/// Selector of `transfer(address,uint256)`.
const TRANSFER: [u8; 4] = [0xa9, 0x05, 0x9c, 0xbb];
const ETHER: u128 = 1_000_000_000_000_000_000;
const ACCOUNTS: u64 = 12;
/// 2026-01-01, in seconds since 1970, and the seconds between blocks.
const GENESIS: u64 = 1_767_225_600;
const BLOCK_TIME: u64 = 12;

/// An account's or a contract's address.
pub type Address = [u8; 20];
/// Bytes in the place of a keccak-256.
pub type Hash = [u8; 32];

/// A transfer of ether, or of tokens.
pub struct Transaction {
    pub hash: Hash,
    pub block: u64,
    /// Its place in the block.
    pub index: u64,
    pub from: Address,
    /// The receiver, or the token's contract.
    pub to: Address,
    /// In wei.
    pub value: u128,
    /// How many the sender had sent before.
    pub nonce: u64,
    /// Who gets how much, if it moves tokens.
    pub tokens: Option<(Address, u128)>,
}

/// A block and what stands in it.
pub struct Block {
    pub number: u64,
    pub hash: Hash,
    /// The hash of the block before; zeros for the first.
    pub parent: Hash,
    /// In seconds since 1970.
    pub timestamp: u64,
    pub transactions: Vec<Transaction>,
}

/// All of it; nothing is ever added.
pub struct Chain {
    pub accounts: Vec<Address>,
    /// The token's contract.
    pub token: Address,
    pub blocks: Vec<Block>,
}

impl Transaction {
    /// What it used.
    pub fn gas(&self) -> u64 {
        if self.tokens.is_some() { GAS_OF_TOKEN } else { GAS_OF_ETHER }
    }

    /// The call it makes: none, or `transfer(address,uint256)` in the contract's encoding.
    pub fn input(&self) -> Vec<u8> {
        self.tokens.map_or(Vec::new(), |(receiver, amount)| {
            [&TRANSFER[..], &word_of_address(receiver), &word(amount)].concat()
        })
    }
}

impl Block {
    /// What its transactions used together.
    pub fn gas_used(&self) -> u64 {
        self.transactions.iter().map(Transaction::gas).sum()
    }
}

impl Chain {
    /// Invents everything, the same each time.
    pub fn invent() -> Self {
        let accounts: Vec<Address> = (0..ACCOUNTS).map(|index| dice::bytes(20, index)).collect();
        let mut chain = Self { accounts, token: dice::bytes(21, 0), blocks: Vec::new() };
        let mut nonces = vec![0; chain.accounts.len()];
        let mut made = 0;
        for number in 0..BLOCKS {
            let count = if number == 0 { 0 } else { 1 + number % 3 };
            let transactions = (0..count).map(|index| {
                made += 1;
                chain.transaction(number, index, made, &mut nonces)
            });
            let transactions = transactions.collect();
            let parent = chain.blocks.last().map_or([0; 32], |block| block.hash);
            let timestamp = GENESIS + BLOCK_TIME * number;
            chain.blocks.push(Block { number, hash: dice::bytes(22, number), parent, timestamp, transactions });
        }
        chain
    }

    /// The highest block number.
    pub fn last(&self) -> u64 {
        BLOCKS - 1
    }

    /// The block of this number.
    pub fn block(&self, number: u64) -> Option<&Block> {
        self.blocks.get(usize::try_from(number).ok()?)
    }

    /// The block of this hash.
    pub fn block_by_hash(&self, hash: &Hash) -> Option<&Block> {
        self.blocks.iter().find(|block| block.hash == *hash)
    }

    /// The transaction of this hash.
    pub fn transaction_by_hash(&self, hash: &Hash) -> Option<&Transaction> {
        self.blocks.iter().flat_map(|block| &block.transactions).find(|transaction| transaction.hash == *hash)
    }

    fn transaction(&self, block: u64, index: u64, made: u64, nonces: &mut [u64]) -> Transaction {
        let from = dice::below(23, made, ACCOUNTS) as usize;
        let to = (from + 1 + dice::below(24, made, ACCOUNTS - 1) as usize) % ACCOUNTS as usize;
        let thousandths = u128::from(1 + dice::below(25, made, 500));
        let moves_tokens = dice::below(26, made, 2) == 0;
        let nonce = nonces[from];
        nonces[from] += 1;
        let (from, to) = (self.accounts[from], self.accounts[to]);
        Transaction {
            hash: dice::bytes(27, made),
            block,
            index,
            from,
            to: if moves_tokens { self.token } else { to },
            value: if moves_tokens { 0 } else { thousandths * ETHER / 1_000 },
            nonce,
            tokens: moves_tokens.then_some((to, thousandths * ETHER / 10)),
        }
    }
}

/// A number in the contract's encoding: 32 bytes, the highest first.
pub fn word(number: u128) -> [u8; 32] {
    let mut word = [0; 32];
    word[16..].copy_from_slice(&number.to_be_bytes());
    word
}

/// An address in the contract's encoding.
pub fn word_of_address(address: Address) -> [u8; 32] {
    let mut word = [0; 32];
    word[12..].copy_from_slice(&address);
    word
}
