package io.kubekv.e2e.api;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ApiCallTest {
  @ParameterizedTest
  @CsvSource({
    "GET,    /apis/kubekv.io/v1/namespaces/a/keyvalues/k1, limit=5,         GET keyvalues",
    "GET,    /apis/kubekv.io/v1/namespaces/a/keyvalues,    limit=5,         LIST keyvalues",
    "GET,    /apis/kubekv.io/v1/namespaces/a/keyvalues,    watch=true&a=b,  WATCH keyvalues",
    "GET,    /apis/kubekv.io/v1/keyvalues,                 watch=1,         WATCH keyvalues",
    "POST,   /apis/kubekv.io/v1/namespaces/a/keyvalues,    fieldManager=k,  CREATE keyvalues",
    "PUT,    /apis/kubekv.io/v1/namespaces/a/keyvalues/k1, fieldManager=k,  UPDATE keyvalues",
    "PATCH,  /apis/kubekv.io/v1/namespaces/a/keyvalues/k1, fieldManager=k,  PATCH keyvalues",
    "DELETE, /apis/kubekv.io/v1/namespaces/a/keyvalues/k1, a=b,             DELETE keyvalues",
    "GET,    /api/v1/namespaces/a,                         a=b,             GET namespaces",
    "GET,    /api/v1/namespaces,                           a=b,             LIST namespaces",
    "PUT,    /apis/coordination.k8s.io/v1/namespaces/a/leases/kubekv, a=b,  UPDATE leases",
    "GET,    /version,                                     a=b,             LIST /version",
  })
  void of_isNamedByVerbAndResource(String method, String path, String query, String expected) {
    assertEquals(expected, ApiCall.of(method, path, query).toString());
  }
}
