#pragma once
// One profile of AWS' two files. For the .cpp files of this room.
#include <string>

#include "config/environment.hpp"
#include "gateway/cloud/ini.hpp"

namespace troupe::cloud {

struct AwsProfile {
  std::string name;
  bool named = false;  ///< by the configuration or AWS_PROFILE, not just "default"
  bool found = false;  ///< in one of the files
  IniSection values;   ///< of the config file, those of the credentials file over them
};

/// `wanted` or AWS_PROFILE or "default", from AWS_CONFIG_FILE and AWS_SHARED_CREDENTIALS_FILE or their usual
/// places under HOME.
AwsProfile read_aws_profile(const std::string& wanted, const config::Environment& environment);

}  // namespace troupe::cloud
