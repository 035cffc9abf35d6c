package io.kubekv.k8s;

/** What a stored object is; {@code spec.type} says it. */
enum ObjectType {
  /** A key with a value. */
  VALUE("Value", 'k'),
  /** A key that is a directory of the etcd v2 tree. */
  DIRECTORY("Directory", 'k'),
  /** What locks are held by; its key is the session's id, its value the session's settings. */
  SESSION("Session", 's'),
  /** An object of our own without meaning for clients, such as a barrier. */
  MARKER("Marker", 'm');

  private final String text;
  private final char namePrefix;

  ObjectType(String text, char namePrefix) {
    this.text = text;
    this.namePrefix = namePrefix;
  }

  /** The form in {@code spec.type}. */
  String text() {
    return text;
  }

  /** Keeps the names of keys, sessions and markers apart. */
  char namePrefix() {
    return namePrefix;
  }

  /** {@link IllegalArgumentException} when it is none. */
  static ObjectType parse(String text) {
    for (ObjectType type : values()) {
      if (type.text.equals(text)) {
        return type;
      }
    }
    throw new IllegalArgumentException("spec.type is none of ours");
  }
}
