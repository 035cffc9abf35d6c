package io.kubekv.k8s;

/** A blocking call to the API failed. */
final class ApiCallException extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient ApiFailure failure;

  ApiCallException(ApiFailure failure) {
    super(failure.message());
    this.failure = failure;
  }

  ApiFailure failure() {
    return failure;
  }
}
