#include "engine/base/log.h"

#include <spdlog/sinks/stdout_color_sinks.h>

namespace base {

Status set_log_level(const std::string& level) {
    spdlog::level::level_enum value = spdlog::level::from_str(level);
    if (value == spdlog::level::off && level != "off")
        return error("--log-level {}: unknown; use trace, debug, info, warn, error or off", level);
    auto logger = std::make_shared<spdlog::logger>("evenhand", std::make_shared<spdlog::sinks::stderr_color_sink_mt>());
    logger->set_pattern("%^%l%$ %v");
    logger->set_level(value);
    spdlog::set_default_logger(logger);
    return {};
}

}  // namespace base
