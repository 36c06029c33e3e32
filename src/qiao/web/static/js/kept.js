// What a phone keeps of an answer: a draft until it is sent, a sending until the server has it, a receipt afterwards.
// Used by the page and by its service worker. Nothing of it goes anywhere but to the survey's own address.
(() => {
  "use strict";

  const PAGES = "qiao-pages";
  const store = (mode, act) =>
    new Promise((done, failed) => {
      const opening = indexedDB.open("qiao-answers", 1);
      opening.onupgradeneeded = () => opening.result.createObjectStore("kept", { keyPath: "path" });
      opening.onerror = () => failed(opening.error);
      opening.onsuccess = () => {
        const base = opening.result;
        const work = base.transaction("kept", mode);
        const asked = act(work.objectStore("kept"));
        work.oncomplete = () => (base.close(), done(asked.result));
        work.onerror = work.onabort = () => (base.close(), failed(work.error));
      };
    });
  const get = (path) => store("readonly", (kept) => kept.get(path));
  const put = (record) => store("readwrite", (kept) => kept.put(record));
  const drop = (path) => store("readwrite", (kept) => kept.delete(path));
  const all = () => store("readonly", (kept) => kept.getAll());

  // What was written last, while a page goes away: a database is too slow for that, this is written at once.
  // A service worker has no such place, and browsers may refuse it.
  const TAIL = "qiao-last:";
  const tail = (path, record) => {
    try {
      if (record) localStorage.setItem(TAIL + path, JSON.stringify(record));
      else localStorage.removeItem(TAIL + path);
    } catch {}
  };
  const takeTail = (path) => {
    try {
      return JSON.parse(localStorage.getItem(TAIL + path));
    } catch {
      return null;
    }
  };

  // Forget everything about a survey: what was written, and its page.
  const forget = async (path) => {
    tail(path, null);
    await drop(path);
    if (self.caches) await (await caches.open(PAGES)).delete(path);
  };

  // Send what waits. Sent twice it is counted once: the server knows the same answer again and gives the same receipt.
  // Returns the server's word as {status, text}, or null where there is no network.
  const send = async (record) => {
    let response, text;
    try {
      response = await fetch(record.path, {
        method: "POST",
        body: record.body,
        headers: { "Content-Type": "application/x-www-form-urlencoded" },
        credentials: "same-origin",
      });
      text = await response.text();
    } catch {
      return null;
    }
    if (response.status >= 500 || response.status === 429) return null;
    if (response.ok) {
      const receipt = (/data-receipt="([^"]+)"/.exec(text) || [])[1] || "";
      await forget(record.path);
      if (receipt) await put({ path: record.path, state: "sent", receipt });
    } else if (response.status === 422 || response.status === 403) {
      // Something is to be mended: what was written stays, but is not sent by itself again.
      await put({ path: record.path, state: "draft", fields: record.fields, token: record.token });
    } else {
      // Used, closed or unknown: it will never be taken, so nothing of it stays.
      await forget(record.path);
    }
    return { status: response.status, text };
  };
  const sendAll = async (but) => {
    let left = 0;
    for (const record of await all()) {
      if (record.path !== but && record.state === "waiting" && (await send(record)) === null) left += 1;
    }
    // The browser tries again later where a sending fails.
    if (left) throw new Error("no network yet");
  };

  self.qiaoKept = { PAGES, get, put, all, forget, send, sendAll, tail, takeTail };
})();
