import { PATTERN_TEXT_LENGTH } from '../pattern';

/**
 * What a pattern has that `safePattern` does not let through, to follow "it": "is no regular expression".
 */
export function patternFault(text: string): string {
  try {
    new RegExp(text);
  } catch {
    return 'is no regular expression';
  }
  return text.length > PATTERN_TEXT_LENGTH
    ? 'is too long'
    : /\(\?(?!:)|\\[1-9AZNbB]|\[\^?]/.test(text)
      ? 'has parts not known here, as \\b'
      : 'has too many of * + ? { |, or repeats a group';
}
