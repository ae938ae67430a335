// What a form can say before the server is asked; the server's word is the last one.

const LONGEST_NAME = 80;
export const SHORTEST_PASSWORD = 10;

export function nameProblem(name: string): string | null {
  const length = [...name.trim()].length;
  if (length === 0) return 'Write a name.';
  if (length > LONGEST_NAME) return `A name has at most ${LONGEST_NAME} characters; this one has ${length}.`;
  return name.includes('://') ? 'A name cannot hold an address of the web.' : null;
}

export function emailProblem(email: string): string | null {
  if (email.trim() === '') return 'Write a mail address.';
  return /^\S+@\S+$/u.test(email.trim()) ? null : 'A mail address looks like name@company.example.';
}

export function passwordProblem(password: string): string | null {
  const missing = SHORTEST_PASSWORD - [...password].length;
  return missing > 0 ? `${missing} more ${missing === 1 ? 'character' : 'characters'}: a password has at least ${SHORTEST_PASSWORD}.` : null;
}
