// The tag that names an API or a network.
import { Badge } from '@mantine/core';

export function ApiTag({ name }: { name: string }) {
  return (
    <Badge variant="default" size="sm" fw={500} styles={{ root: { flex: 'none' }, label: { fontSize: 11.5 } }}>
      {name}
    </Badge>
  );
}
