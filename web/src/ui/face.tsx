// A person's initials on their tint: the same tint in every list, bar and legend.
import { Avatar } from '@mantine/core';
import { initials, useTint } from './tint';

export function Face({ id, name, size = 24 }: { id: string | null; name: string; size?: number }) {
  const tint = useTint(id);
  return (
    <Avatar
      size={size}
      radius={size > 30 ? 'md' : 'sm'}
      variant="transparent"
      aria-hidden
      styles={{
        root: { background: `color-mix(in srgb, ${tint} 24%, var(--mantine-color-body))`, minWidth: size },
        placeholder: { color: 'var(--mantine-color-text)', fontSize: Math.max(10, size * 0.4), fontWeight: 600 },
      }}
    >
      {initials(name)}
    </Avatar>
  );
}
