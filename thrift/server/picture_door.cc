// SPDX-License-Identifier: Apache-2.0
#include "thrift/server/picture_door.h"

#include "graph/picture/svg.h"
#include "thrift/server/picture_forms.h"

namespace kstati::thrift {
namespace {

namespace picture = kstati::graph::picture;

Result<int> ReadHops(const std::string& text) {
  if (text.empty()) return 1;
  if (text.size() == 1 && text[0] >= '0' && text[0] <= '9') return text[0] - '0';
  return Fail(ErrorCode::kInvalidArgument, "this is no number of hops", "hops",
              "ask for 0 to " + std::to_string(picture::kHopsMax) + " hops");
}

}  // namespace

PictureDoor::PictureDoor(const kstati::cases::World& world, const Messages& messages)
    : world_(world), gallery_(messages, [&world](const AttributeId& id, Language language) {
        const profile::Attribute* attribute = world.program->dictionary().Find(id);
        return attribute == nullptr ? id.text() : attribute->name.in(language);
      }) {}

Result<PictureDoor::Page> PictureDoor::Show(const std::string& kind, const std::string& id,
                                            const std::string& format, const std::string& language,
                                            const std::string& hops) const {
  picture::View view;
  if (kind == "situation") {
    view.situation = SituationId(id);
  } else {
    view.service = ServiceId(id);
    KSTATI_TRY(view.hops, ReadHops(hops));
  }
  view.language = language == "en" ? Language::kEnglish : Language::kRussian;
  KSTATI_TRY(const auto drawn, gallery_.Show(*world_.Graph(world_.Today()), view));
  if (format == "json") {
    return Page{ToJson(*drawn).dump(), "application/json; charset=utf-8"};
  }
  return Page{picture::ToSvg(*drawn, gallery_.WordsIn(view.language)), "image/svg+xml"};
}

}  // namespace kstati::thrift
