#include "gateway/dialects/responses/words.hpp"

#include "tests/support/catch.hpp"

namespace troupe::dialects::responses {

TEST_CASE("OpenAI's seals stay as they are, foreign ones carry their origin") {
  CHECK(pack_seal({Dialect::responses, "gAAA", false, false}) == "gAAA");
  CHECK(pack_seal({Dialect::anthropic, "EuY", false, false}) == "anthropic#EuY");
  CHECK(pack_seal({Dialect::anthropic, "EuY", true, false}) == "anthropic#redacted#EuY");
  CHECK(pack_seal({Dialect::gemini, "S", false, true}) == "gemini#call#S");
}

TEST_CASE("a seal is unpacked to what was packed") {
  for (const auto& seal :
       {Seal{Dialect::responses, "gAAA=", false, false}, Seal{Dialect::anthropic, "EuY", false, false},
        Seal{Dialect::converse, "EuY", true, false}, Seal{Dialect::gemini, "S", false, true},
        Seal{Dialect::gemini, "", false, false}}) {
    const auto packed = pack_seal(seal);
    const auto back = unpack_seal(packed);
    CHECK(back.origin == seal.origin);
    CHECK(back.signature == seal.signature);
    CHECK(back.redacted == seal.redacted);
    CHECK(back.of_call == seal.of_call);
  }
  CHECK(unpack_seal("somebody#EuY").origin == Dialect::responses);
}

TEST_CASE("ids are made of the provider's id, always alike") {
  CHECK(response_id("resp_1#2", "f") == "resp_1#2");
  CHECK(response_id("msg_01Ab", "f") == "resp_01Ab");
  CHECK(response_id("chatcmpl-9 x", "f") == "resp_9_x");
  CHECK(response_id("", "req_7") == "resp_req_7");
  CHECK(response_id("", "resp_7") == "resp_7");
  CHECK(item_id("fc", "resp_1", 3) == "fc_1_3");
  CHECK(item_id("msg", "resp_" + std::string(200, 'a'), 1234567).size() <= 64);
}

TEST_CASE("every reason to end is a status, and is read back where the dialect has it") {
  CHECK(status_word(Finish::tools) == "completed");
  CHECK(status_word(Finish::unknown) == "completed");
  CHECK(incomplete_reason(Finish::context) == "max_output_tokens");
  CHECK(read_finish("completed", "", false) == Finish::stop);
  CHECK(read_finish("completed", "", true) == Finish::tools);
  CHECK(read_finish("incomplete", "max_output_tokens", true) == Finish::length);
  CHECK(read_finish("incomplete", "content_filter", false) == Finish::filtered);
  CHECK(read_finish("incomplete", "moonlight", false) == Finish::unknown);
  CHECK(read_finish("failed", "", false) == Finish::failed);
  CHECK(read_finish("", "", false) == Finish::unknown);
}

}  // namespace troupe::dialects::responses
