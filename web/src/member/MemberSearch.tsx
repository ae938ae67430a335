// Narrows a list of members by a part of the name or the mail address; the address bar holds it.
import { TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useUrl } from '../ui/url';

export function MemberSearch() {
  const [search, change] = useUrl();
  return (
    <TextInput
      aria-label="Search members"
      placeholder="Search by name or mail address"
      leftSection={<IconSearch size={15} />}
      w={{ base: '100%', sm: 280 }}
      value={search.q ?? ''}
      onChange={(event) => change({ q: event.currentTarget.value || undefined })}
    />
  );
}
