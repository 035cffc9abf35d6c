package io.kubekv.k8s.api;

/**
 * A type of objects of group {@code kubekv.io}.
 *
 * @param name as objects say it, such as {@code StoreLog}
 * @param plural as paths say it, such as {@code storelogs}
 */
public record ApiKind(String name, String plural) {}
