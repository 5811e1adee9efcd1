// Shows push messages and opens what they speak of. It answers no requests: pages come from the server as ever.
self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("push", (event) => {
  let message = {};
  try {
    message = event.data?.json() ?? {};
  } catch {
    // Not ours to read: a browser still has to show something.
  }
  const { title = "Hiroba", body = "", url = "/", data = {} } = message;
  event.waitUntil(
    self.registration.showNotification(String(title), {
      body: String(body),
      icon: "/static/img/favicon.svg",
      tag: data.tag,
      data: { url },
    }),
  );
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  const asked = new URL(event.notification.data?.url ?? "/", self.location.origin);
  const url = asked.origin === self.location.origin ? asked.href : self.location.origin;
  event.waitUntil(
    self.clients.matchAll({ type: "window", includeUncontrolled: true }).then((pages) => {
      const open = pages.find((page) => page.url === url);
      return open ? open.focus() : self.clients.openWindow(url);
    }),
  );
});
