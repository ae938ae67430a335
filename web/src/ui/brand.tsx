// The mark and the name: a lock's ward, the notches that let one key pass. They draw a K.
import { Group, Text } from '@mantine/core';

export function Mark({ size = 26 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 26 26" aria-hidden focusable="false">
      <rect width="26" height="26" rx="7" fill="var(--mantine-primary-color-filled)" />
      <g fill="none" stroke="#fff" strokeWidth="2.6" strokeLinejoin="round" strokeLinecap="round">
        <path d="M8 6v14" />
        <path d="M8.4 14.2h3.4v-3h3.2V8.4" />
        <path d="M11.8 14.2v2.9h3.4V20" />
      </g>
      <circle cx="18.4" cy="6.9" r="2.1" fill="#fff" />
    </svg>
  );
}

export function Wordmark() {
  return (
    <Group gap={9} wrap="nowrap">
      <Mark />
      <Text component="span" fz={17} fw={660} lts="-0.025em" lh={1}>
        keyward
      </Text>
    </Group>
  );
}
