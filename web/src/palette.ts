// The colours everything is drawn with: one accent, three of warning, two runs of neutrals.
import type { MantineColorsTuple } from '@mantine/core';

/** The accent, and also "allowed": what passes needs no colour of its own. */
const petrol: MantineColorsTuple = [
  '#ecf5f7', '#d6e9ee', '#abd2dd', '#7db9ca', '#56a3b9', '#368ca6', '#1f7690', '#14647c', '#0e5468', '#0a4152',
];
/** Look here: running low, suspended, would be denied. */
const amber: MantineColorsTuple = [
  '#fdf6e6', '#f9eac8', '#f2d38d', '#eabd54', '#e0a92c', '#cb9013', '#a97408', '#8b5e06', '#6f4a07', '#583b09',
];
/** Denied, or destroys something. */
const vermilion: MantineColorsTuple = [
  '#fdf1ed', '#fae0d8', '#f4bfae', '#ec9a80', '#e57a58', '#d9552f', '#c2421e', '#a53617', '#862b13', '#6a2210',
];
/** A state that is well. */
const jade: MantineColorsTuple = [
  '#edf7f1', '#d8ede1', '#b0dac3', '#84c5a2', '#5fb387', '#449f70', '#318459', '#256c48', '#1b5638', '#14422b',
];
/** Neutrals lean to paper in light … */
const gray: MantineColorsTuple = [
  '#faf9f7', '#f4f2ef', '#ebe8e3', '#dedad3', '#c5c0b7', '#a09a90', '#7c766d', '#5f5a53', '#403c37', '#23211e',
];
/** … and to ink in dark. */
const dark: MantineColorsTuple = [
  '#dde3e4', '#a9b4b7', '#849296', '#5f6c71', '#343e42', '#2a3337', '#1f272a', '#161c1f', '#101517', '#0b0f10',
];

export const palette = { petrol, amber, vermilion, jade, gray, dark };

/** Six tints that tell people and keys apart. None is near amber or vermilion: a person never looks like a denial. */
export const tints = {
  light: ['#1f7690', '#6b6fb5', '#8fb05a', '#b0719b', '#5aa7a0', '#b7b1a7'],
  dark: ['#4d9fb7', '#8f93d6', '#a3c26f', '#c78bb3', '#74c0b8', '#6c787d'],
} as const;
