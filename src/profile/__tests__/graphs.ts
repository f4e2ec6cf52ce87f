/**
 * What tests of callers and callees start from.
 */
import { sample } from '../../wire/__tests__/samples';
import { decode } from '../../wire';
import { accountOf, type IAccount } from '../account';
import { CallGraph } from '../callGraph';
import type { FuncIndex } from '../indices';
import type { IProfile } from '../model';
import { standardName } from '../names';
import { functionRows } from '../rows';

/** The graph of a profile. */
export function graphOf(profile: IProfile): CallGraph {
  return new CallGraph(profile, functionRows(profile));
}

/** The graph of a sample payload. */
export async function sampleGraph(name: string): Promise<CallGraph> {
  return graphOf(await decode(sample(name)));
}

/** The only function whose printed name ends like this. */
export function find({ profile }: CallGraph, end: string): FuncIndex {
  const found = Array.from(profile.functions.name.keys()).filter(func =>
    standardName(profile, func as FuncIndex).endsWith(end)
  );
  if (found.length !== 1) {
    throw new Error(`${found.length} functions end with ${end}`);
  }
  return found[0] as FuncIndex;
}

/** The account of a function that has one. */
export function account(graph: CallGraph, func: number): IAccount {
  const found = accountOf(graph, func as FuncIndex);
  if (!found) {
    throw new Error(`${func} has no account`);
  }
  return found;
}
