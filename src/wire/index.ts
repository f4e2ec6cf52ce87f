/**
 * The wire format: payload to profile and back. `wire/README.md` in the repository describes it.
 */
export { decode } from './decode';
export { encode, type IPayload } from './encode';
export { WireError, type WireErrorCode } from './error';
export { sameJson } from './same';
