// What a browser looks like that has no synchronous access handles.
Reflect.deleteProperty(FileSystemFileHandle.prototype, 'createSyncAccessHandle');
