// A role in a list to choose from; one that cannot be given says why.
import { Box, Text, type SelectProps } from '@mantine/core';

/** `value` is what the API takes: `admin`, `member` or an id. */
export type GivenRole = { value: string; label: string; disabled: boolean; why: string | null };

export const roleOption =
  (roles: readonly GivenRole[]): SelectProps['renderOption'] =>
  ({ option }) => {
    const why = roles.find(({ value }) => value === option.value)?.why;
    return (
      <Box>
        {option.label}
        {why && (
          <Text size="xs" c="dimmed" style={{ whiteSpace: 'normal' }}>
            {why}
          </Text>
        )}
      </Box>
    );
  };
