// What a private window of Firefox or Safari does.
StorageManager.prototype.getDirectory = () =>
  Promise.reject(new DOMException('Security error when calling GetDirectory', 'SecurityError'));
