"""Journal event kinds of the registry."""

from xianfeng import journal


@journal.register
class Event(journal.EventKind):
    """Stage ``registry``."""

    SERVICE_POINT_ADDED = "registry:service_point:added", "登记服务点“{name}”"
    SERVICE_POINT_CHANGED = "registry:service_point:changed", "更正服务点“{name}”的登记信息"
    MEMBER_ADDED = "registry:member:added", "登记党员（{unit}）"
    MEMBER_CHANGED = "registry:member:changed", "更正党员登记信息（{unit}）"
    NOMINEE_ADDED = "registry:nominee:added", "列为创建对象：{name}"
    PROJECT_ADDED = "registry:project:added", "登记工程项目“{name}”"
    PROJECT_CHANGED = "registry:project:changed", "更正工程项目“{name}”的登记信息"
    PROJECT_PARTY_SET = "registry:project:party_set", "登记“{unit}”{role}"
    CONDUCT_REPORTED = "registry:conduct:reported", "报送诚信台账（{kind}），待核实"
    CONDUCT_CONFIRMED = "registry:conduct:confirmed", "核实诚信台账（{kind}）"
    CONDUCT_REFUTED = "registry:conduct:refuted", "诚信台账（{kind}）经核实不属实"
    CONDUCT_WITHDRAWN = "registry:conduct:withdrawn", "撤销核实：诚信台账（{kind}）登记有误"
    CONDUCT_CHANGED = "registry:conduct:changed", "更正诚信台账（{kind}）"
    WORKBOOK_IMPORTED = "registry:workbook:imported", "导入工作簿：新增{created}条、更新{updated}条"
