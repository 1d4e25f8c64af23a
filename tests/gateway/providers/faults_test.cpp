#include "gateway/providers/faults.hpp"

#include "tests/support/catch.hpp"

using namespace troupe;
using namespace troupe::providers;

namespace {

AnswerHead head(int status, Headers headers = {}) {
  return {status, std::move(headers)};
}

struct Row {
  int status;
  std::string body;
  Fault fault;
  std::string message;
};

const Row kRows[] = {
    {400, R"({"error":{"message":"bad","type":"invalid_request_error","param":"x","code":null}})",
     Fault::provider_bad_request, "bad"},
    {401, R"({"error":{"message":"Incorrect API key provided: sk-abc***def.","code":"invalid_api_key"}})",
     Fault::provider_key_dead, "Incorrect API key provided: ***."},
    {400,
     R"({"code":"invalid-argument","error":"Incorrect API key provided: xa***zz. You can obtain one at https://console.x.ai."})",
     Fault::provider_key_dead,
     "Incorrect API key provided: ***. You can obtain one at https://console.x.ai."},
    {400,
     R"([{"error":{"code":400,"message":"API key not valid.","status":"INVALID_ARGUMENT","details":[{"@type":"x","reason":"API_KEY_INVALID"}]}}])",
     Fault::provider_key_dead, "API key not valid."},
    {403, R"({"type":"error","error":{"type":"permission_error","message":"no"}})", Fault::provider_key_dead,
     "no"},
    {402, R"({"error":{"message":"Insufficient Balance"}})", Fault::provider_quota_spent,
     "Insufficient Balance"},
    {429,
     R"({"error":{"message":"You exceeded your current quota","type":"insufficient_quota","code":"insufficient_quota"}})",
     Fault::provider_quota_spent, "You exceeded your current quota"},
    {400,
     R"({"type":"error","error":{"type":"invalid_request_error","message":"Your credit balance is too low"}})",
     Fault::provider_quota_spent, "Your credit balance is too low"},
    {404, R"({"error":{"message":"The model `x` does not exist","code":"model_not_found"}})",
     Fault::provider_model_missing, "The model `x` does not exist"},
    {400, R"({"error":{"message":"Model Not Exist"}})", Fault::provider_model_missing, "Model Not Exist"},
    {400, R"({"error":{"message":"too long","code":"context_length_exceeded"}})",
     Fault::provider_context_too_long, "too long"},
    {400,
     R"({"type":"error","error":{"type":"invalid_request_error","message":"prompt is too long: 3 tokens > 2 maximum"}})",
     Fault::provider_context_too_long, "prompt is too long: 3 tokens > 2 maximum"},
    {400,
     R"({"error":{"message":"The total length of all messages is too long.","type":"too_many_prompt_tokens","code":400}})",
     Fault::provider_context_too_long, "The total length of all messages is too long."},
    {400,
     R"({"error":{"message":"filtered","code":"content_filter","innererror":{"code":"ResponsibleAIPolicyViolation"}}})",
     Fault::provider_content_refused, "filtered"},
    {413,
     R"({"error":{"message":"Request too large on tokens per minute (TPM): Limit 6000","type":"tokens","code":"rate_limit_exceeded"}})",
     Fault::provider_rate_limited_tokens, "Request too large on tokens per minute (TPM): Limit 6000"},
    {413, "", Fault::provider_bad_request, "The provider answered with status 413 and no body."},
    {422, R"({"detail":[{"loc":["body","n"],"msg":"Extra inputs are not permitted","type":"x"}]})",
     Fault::provider_bad_request, "Extra inputs are not permitted"},
    {401, R"({"detail":"Invalid API Key"})", Fault::provider_key_dead, "Invalid API Key"},
    {429,
     R"({"error":{"message":"Rate limit reached on requests per min (RPM): Limit 3","type":"requests","code":"rate_limit_exceeded"}})",
     Fault::provider_rate_limited_requests, "Rate limit reached on requests per min (RPM): Limit 3"},
    {429, R"({"error":{"message":"Rate limit reached on requests per day (RPD): Limit 3"
}
})",
     Fault::provider_rate_limited_day, "Rate limit reached on requests per day (RPD): Limit 3"},
    {429,
     R"({"error":{"code":429,"message":"Provider returned error","metadata":{"raw":"temporarily rate-limited"}}})",
     Fault::provider_rate_limited_requests, "Provider returned error: temporarily rate-limited"},
    {429, R"({"error":{"message":"That model is currently overloaded"}})", Fault::provider_overloaded,
     "That model is currently overloaded"},
    {498, R"({"error":{"code":"capacity_exceeded","message":"flex"}})", Fault::provider_overloaded, "flex"},
    {529, R"({"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}})",
     Fault::provider_overloaded, "Overloaded"},
    {503, "<html><body>busy</body></html>", Fault::provider_overloaded,
     "The provider answered with status 503 and a page that names no reason."},
    {500, R"({"error":"boom"})", Fault::provider_server_error, "boom"},
    {502, "upstream connect error", Fault::provider_server_error, "upstream connect error"},
    {504, "", Fault::provider_server_error, "The provider answered with status 504 and no body."},
    {408, "", Fault::provider_timeout_first_token, "The provider answered with status 408 and no body."},
    {409, "{}", Fault::provider_server_error,
     "The provider answered with status 409 and a body that names no reason."},
    {302, "", Fault::provider_server_error, "The provider answered with status 302 and no body."},
    {400, R"({"__type":"com.amazon.coral.availability#ThrottlingException","message":"slow"})",
     Fault::provider_rate_limited_requests, "slow"},
    {400, R"({"__type":"ServiceQuotaExceededException","message":"quota"})",
     Fault::provider_rate_limited_requests, "quota"},
    {429, R"({"__type":"ModelNotReadyException","message":"warming"})", Fault::provider_overloaded,
     "warming"},
    {400, R"({"__type":"ValidationException","message":"The provided model identifier is invalid."})",
     Fault::provider_model_missing, "The provided model identifier is invalid."},
    {403,
     R"({"__type":"AccessDeniedException","Message":"You don't have access to the model with the specified model ID."})",
     Fault::provider_model_missing, "You don't have access to the model with the specified model ID."},
    {403, R"({"__type":"UnrecognizedClientException","message":"The security token is invalid."})",
     Fault::provider_key_dead, "The security token is invalid."},
    {200, R"({"error":{"message":"upstream died","code":502}})", Fault::provider_server_error,
     "upstream died"},
    {200, R"({"error":{"message":"slow down","code":429}})", Fault::provider_rate_limited_requests,
     "slow down"},
};

}  // namespace

TEST_CASE("statuses and bodies of every vendor come down to one fault") {
  for (const auto& row : kRows) {
    INFO(row.status << " " << row.body);
    const auto verdict = read_failure(head(row.status), row.body);
    CHECK(name(verdict.fault) == name(row.fault));
    CHECK(verdict.message == row.message);
  }
}

TEST_CASE("the provider's type, code and parameter are kept for the caller") {
  const auto verdict = read_failure(
      head(400),
      R"({"error":{"message":"m","type":"invalid_request_error","param":"messages[0].role","code":"unsupported_value"}})");
  CHECK(verdict.type == "invalid_request_error");
  CHECK(verdict.code == "unsupported_value");
  CHECK(verdict.param == "messages[0].role");
  CHECK(read_failure(head(400, {{"x-amzn-errortype", "ValidationException:http://x"}}), R"({"message":"m"})")
            .type == "ValidationException");
}

TEST_CASE("an exception of AWS' is known by its name, in the body or in the header") {
  CHECK(read_failure(head(400), R"({"__type":"a.b#ValidationException","message":"m"})").type ==
        "ValidationException");
  const Headers named{{"x-amzn-errortype", "ThrottlingException:http://internal.amazon.com/coral/"}};
  const auto verdict = read_failure(head(400, named), R"({"message":"m"})");
  CHECK(verdict.type == "ThrottlingException");
  CHECK(verdict.fault == Fault::provider_rate_limited_requests);
}

TEST_CASE("an exception inside a stream counts as the status that it stands for") {
  const auto fault = [](const char* type, int status) {
    return read_stream_error(std::string(R"({"message":"m","__type":")") + type + "\"}", status).fault;
  };
  CHECK(fault("throttlingException", 429) == Fault::provider_rate_limited_requests);
  CHECK(fault("validationException", 400) == Fault::provider_bad_request);
  CHECK(fault("modelTimeoutException", 408) == Fault::provider_timeout_first_token);
  CHECK(fault("modelStreamErrorException", 424) == Fault::provider_stream_error);
  CHECK(fault("serviceUnavailableException", 503) == Fault::provider_overloaded);
}

TEST_CASE("how long to wait is read from headers first, then from the body") {
  const auto body = R"({"error":{"message":"Rate limit reached. Please try again in 1m2.5s. Visit us."}})";
  using std::chrono::milliseconds;
  CHECK(read_failure(head(429, {{"retry-after-ms", "1500"}, {"retry-after", "9"}}), body).retry_after ==
        milliseconds(1500));
  CHECK(read_failure(head(429, {{"retry-after", "2.5"}}), body).retry_after == milliseconds(2500));
  CHECK(read_failure(head(429, {{"retry-after", "Wed, 21 Oct 2015 07:28:30 GMT"},
                                {"date", "Wed, 21 Oct 2015 07:28:00 GMT"}}),
                     body)
            .retry_after == milliseconds(30000));
  CHECK(read_failure(head(429), body).retry_after == milliseconds(62500));
  CHECK(read_failure(head(429, {{"retry-after", "1"}, {"retry-after-ms", "0"}}), "").retry_after ==
        std::nullopt);
  const auto google =
      R"({"error":{"code":429,"message":"quota","status":"RESOURCE_EXHAUSTED","details":[{"@type":"t","retryDelay":"34.4s"},)"
      R"({"@type":"q","violations":[{"quotaId":"GenerateRequestsPerDayPerProject"}]}]}})";
  const auto verdict = read_failure(head(429), google);
  CHECK(verdict.retry_after == milliseconds(34400));
  CHECK(verdict.fault == Fault::provider_rate_limited_day);
}

TEST_CASE("an error event inside a stream is understood without a status") {
  struct Row {
    std::string data;
    Fault fault;
  };
  const Row rows[] = {
      {R"({"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}})",
       Fault::provider_overloaded},
      {R"({"type":"error","error":{"type":"api_error","message":"x"}})", Fault::provider_stream_error},
      {R"({"type":"error","error":{"type":"rate_limit_error","message":"x"}})",
       Fault::provider_rate_limited_requests},
      {R"({"error":{"message":"Tool call validation failed","type":"invalid_request_error","code":"tool_use_failed","status_code":400}})",
       Fault::provider_bad_request},
      {R"({"error":{"message":"x","code":502},"choices":[]})", Fault::provider_stream_error},
      {R"({"error":"something"})", Fault::provider_stream_error},
      {"not json", Fault::provider_stream_error},
      {"", Fault::provider_stream_error},
  };
  for (const auto& row : rows) {
    INFO(row.data);
    const auto verdict = read_stream_error(row.data);
    CHECK(name(verdict.fault) == name(row.fault));
    CHECK_FALSE(verdict.message.empty());
  }
}

TEST_CASE("no API key is echoed and no message is endless") {
  CHECK(safe_message("key sk-proj-abc_DEF-123 is bad") == "key *** is bad");
  CHECK(safe_message("Authorization: Bearer eyJhbGci.eyJzdWIi.abc.") == "Authorization: Bearer ***.");
  CHECK(safe_message("Incorrect API key provided: my-own-key. See") ==
        "Incorrect API key provided: ***. See");
  CHECK(safe_message("gsk_abc, AIzaSyX, xai-123") == "***, ***, ***");
  CHECK(safe_message("a task-based answer, asked for") == "a task-based answer, asked for");
  CHECK(safe_message("bad \xff byte") == "bad \xEF\xBF\xBD byte");
  const auto cut = safe_message(std::string(999, 'x') + "\xC3\xA9 and more");
  CHECK(cut == std::string(999, 'x') + "...");
}

TEST_CASE("any bytes at all give a verdict") {
  for (const auto* body : {"[]", "[[]]", "null", "7", "{", "\xff\xfe", R"({"error":[]})",
                           R"({"error":{"message":5,"code":{}}})", R"({"detail":[1,{"msg":2,"loc":[]}]})",
                           R"({"error":{"details":[7,{"violations":[3]}],"metadata":[]}})"}) {
    INFO(body);
    CHECK_FALSE(read_failure(head(500), body).message.empty());
  }
}
