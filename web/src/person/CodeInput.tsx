// Where a code of the second factor is typed: six digits, or a recovery code.
import { TextInput, type TextInputProps } from '@mantine/core';

export function CodeInput(props: TextInputProps) {
  return (
    <TextInput
      label="Code"
      description="Six digits of your authenticator, or a recovery code"
      autoComplete="one-time-code"
      autoCapitalize="off"
      spellCheck={false}
      styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
      {...props}
    />
  );
}

export const codeProblem = (code: string) => (code.trim() === '' ? 'Write a code.' : null);
