// What was dropped or chosen, as files: folders are walked through to their end.

const WANTED = [".dem", ".gz", ".bz2", ".zst", ".zip"];

/** Whether a file found in a folder looks like a recording; files somebody points at are always tried. */
export function looksWanted(name: string): boolean {
  const lower = name.toLowerCase();
  return !lower.startsWith(".") && WANTED.some((suffix) => lower.endsWith(suffix));
}

/** The files of a drop. To be called in the event itself: its items are gone afterwards. */
export function droppedFiles(transfer: DataTransfer): Promise<File[]> {
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry()).filter((entry) => entry !== null);
  if (entries.length === 0) return Promise.resolve([...transfer.files]);
  return Promise.all(entries.map((entry) => filesOf(entry, true))).then((found) => found.flat());
}

async function filesOf(entry: FileSystemEntry, named: boolean): Promise<File[]> {
  try {
    if (entry.isFile) {
      const file = await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject));
      return named || looksWanted(file.name) ? [file] : [];
    }
    const inside = await children(entry as FileSystemDirectoryEntry);
    return (await Promise.all(inside.map((child) => filesOf(child, false)))).flat();
  } catch {
    return []; // a file that cannot be read (its rights, or it has just gone) keeps nobody else out
  }
}

async function children(folder: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = folder.createReader(); // gives a hundred at a time
  const all: FileSystemEntry[] = [];
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (some.length === 0) return all;
    all.push(...some);
  }
}
