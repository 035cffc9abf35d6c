package io.kubekv.k8s.api;

/** A blocking call to the API failed. */
public final class ApiCallException extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient ApiFailure failure;

  public ApiCallException(ApiFailure failure) {
    super(failure.message());
    this.failure = failure;
  }

  public ApiFailure failure() {
    return failure;
  }
}
