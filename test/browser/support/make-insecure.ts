// What a page looks like that is not served over HTTPS: no Web Locks, and no OPFS either.
Reflect.deleteProperty(Object.getPrototypeOf(navigator) as object, 'locks');
Reflect.deleteProperty(Object.getPrototypeOf(navigator) as object, 'storage');
Reflect.deleteProperty(FileSystemFileHandle.prototype, 'createSyncAccessHandle');
