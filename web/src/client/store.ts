/** What this browser keeps: `kept` is a copy of what the server said, `commands` what it has not been told yet. */
export type Shelf = "kept" | "commands";

let opened: Promise<IDBDatabase> | undefined;

function open(): Promise<IDBDatabase> {
  return (opened ??= new Promise((resolve, reject) => {
    const request = indexedDB.open("rapport", 1);
    request.onupgradeneeded = () => (["kept", "commands"] satisfies Shelf[]).forEach((shelf) => request.result.createObjectStore(shelf));
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  }));
}

/** Does work on a shelf in one transaction and gives what it asked for; undefined where a browser keeps nothing (a private window). */
export async function onShelf<T = unknown>(name: Shelf, mode: IDBTransactionMode, work: (shelf: IDBObjectStore) => IDBRequest<T> | void): Promise<T | undefined> {
  try {
    const database = await open();
    return await new Promise((resolve, reject) => {
      const transaction = database.transaction(name, mode);
      const request = work(transaction.objectStore(name));
      transaction.oncomplete = () => resolve(request ? request.result : undefined);
      transaction.onabort = () => reject(transaction.error);
    });
  } catch {
    return undefined;
  }
}
