{% autoescape off %}// Keeps a survey's page and what was written on it until it could be sent. Only its own folder, only its own origin.
"use strict";
importScripts("{{ kept }}");
const FILES = [{% for file in files %}"{{ file }}"{% if not forloop.last %}, {% endif %}{% endfor %}];
const SCOPE = "{{ scope }}";
const STATIC = "qiao-files-{{ version }}";
const PAGES = self.qiaoKept.PAGES;

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(STATIC).then((cache) => cache.addAll(FILES)).then(() => self.skipWaiting()));
});
self.addEventListener("activate", (event) => {
  const old = (name) => name.startsWith("qiao-files-") && name !== STATIC;
  event.waitUntil(
    caches
      .keys()
      .then((names) => Promise.all(names.filter(old).map((name) => caches.delete(name))))
      .then(() => self.clients.claim()),
  );
});

const page = async (request) => {
  const cache = await caches.open(PAGES);
  const path = new URL(request.url).pathname;
  try {
    const response = await fetch(request);
    // A page that is no form any more (used, closed, unknown) is not kept, nor is the one kept before.
    if (response.ok) await cache.put(path, response.clone());
    else if (response.status < 500) await cache.delete(path);
    return response;
  } catch (fault) {
    const kept = await cache.match(path);
    if (kept) return kept;
    throw fault;
  }
};

self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== self.location.origin) return;
  if (event.request.mode === "navigate" && url.pathname.startsWith(SCOPE)) event.respondWith(page(event.request));
  else if (FILES.includes(url.pathname)) {
    event.respondWith(caches.match(event.request, { ignoreSearch: true }).then((kept) => kept || fetch(event.request)));
  }
});

self.addEventListener("sync", (event) => {
  if (event.tag === "qiao-send") event.waitUntil(self.qiaoKept.sendAll());
});
{% endautoescape %}
