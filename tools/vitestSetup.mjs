// How long something may take in a test says something about the machine, not about the product.
import { vi } from 'vitest';

const { waitFor } = vi;
vi.waitFor = (callback, options = 60_000) => waitFor(callback, options);
