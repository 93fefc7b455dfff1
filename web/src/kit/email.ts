/** Whether this may be an e-mail address; the API looks closer. */
export function isEmail(typed: string) {
  return /^[^\s@]+@[^\s@]+$/.test(typed.trim());
}
