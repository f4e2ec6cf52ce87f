// Imported first by every command: an old Node should end in a sentence, not in
// a stack trace from somewhere inside a build tool.
const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(
    `Node ${process.versions.node} is too old: install Node 20.19 or newer and run the same command again.`
  );
  process.exit(1);
}
