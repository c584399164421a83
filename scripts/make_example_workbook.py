"""Write the example workbook: a whole invented city, the same bytes every time.

    .venv/bin/python scripts/make_example_workbook.py [examples/workbook.xlsx]

Districts are Shanghai's; every organisation, person and event is invented and marked （示例）. Who is meant to be
eligible, and who is meant to fail which gate in which year, is written in the tables below.
"""

from __future__ import annotations

import os
import random
import sys
from collections import defaultdict
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "xianfeng.config.settings")
django.setup()

from xianfeng.config.workbook.contents import INSTRUCTIONS, SPECS, instructions  # noqa: E402
from xianfeng.directory import rules as directory  # noqa: E402
from xianfeng.kernel.sheets import Book  # noqa: E402
from xianfeng.programmes.sheets import shipped_part_words  # noqa: E402
from xianfeng.registry import rules as registry  # noqa: E402

PASSWORD = "xianfeng-demo"
MARK = "（示例）"
SINCE = date(2018, 1, 1)
YEARS = (2019, 2020, 2021)

# username prefix, code, name; the larger stations have a general branch with branches and a group below it
DISTRICTS = [
    ("pudong", "PD", "浦东新区", True),
    ("huangpu", "HP", "黄浦区", False),
    ("xuhui", "XH", "徐汇区", False),
    ("changning", "CN", "长宁区", False),
    ("jingan", "JA", "静安区", False),
    ("putuo", "PT", "普陀区", False),
    ("hongkou", "HK", "虹口区", False),
    ("yangpu", "YP", "杨浦区", False),
    ("minhang", "MH", "闵行区", True),
    ("baoshan", "BS", "宝山区", True),
    ("jiading", "JD", "嘉定区", True),
    ("jinshan", "JS", "金山区", True),
    ("songjiang", "SJ", "松江区", True),
    ("qingpu", "QP", "青浦区", True),
    ("fengxian", "FX", "奉贤区", True),
    ("chongming", "CM", "崇明区", True),
]
# username, code, name of the party committees above the companies
GROUPS = [
    ("chengyuan_group", "JT1", "澄源集团"),
    ("changlan_group", "JT2", "长澜集团"),
    ("muchuan_group", "JT3", "沐川集团"),
    ("hangye_party", "JT4", "市水务建设行业综合"),
]
# username prefix, name, business, size (L: committee, general branch, branches, group; M: general branch; S: branch)
COMPANIES = [
    ("chengyuan", "澄源水利建设", "施工", "L"),
    ("changlan", "长澜水务工程", "施工", "L"),
    ("muchuan", "沐川水利工程", "施工", "L"),
    ("qinghe", "清禾河道疏浚", "施工", "L"),
    ("anlan", "安澜水工建设", "施工", "L"),
    ("linjiang", "霖江市政水务", "施工", "L"),
    ("yunzhou", "云洲基础工程", "施工", "L"),
    ("haitang", "海塘卫士工程", "施工", "L"),
    ("jinghong", "泾虹泵闸建设", "施工", "L"),
    ("zhanlu", "湛鹭水环境", "施工", "L"),
    ("puhui", "溥汇工程监理", "监理", "M"),
    ("hengce", "衡测检测技术", "检测", "M"),
    ("mingqu", "明渠勘测设计", "设计", "M"),
    ("zhishui", "知水规划设计", "设计", "M"),
    ("yuntu", "沄图工程咨询", "咨询", "M"),
    ("shouan", "守安工程监理", "监理", "M"),
    ("lanting", "澜庭水利设计", "设计", "M"),
    ("baihui", "百汇泵站设备", "设备", "M"),
    ("qiaolin", "桥霖防渗工程", "施工", "S"),
    ("ruize", "瑞泽管道工程", "施工", "S"),
    ("tianyuan", "湉源水处理", "施工", "S"),
    ("xiyue", "溪月园林水景", "施工", "S"),
    ("dingbo", "定波闸门制造", "设备", "S"),
    ("yufeng", "渝沣岩土工程", "施工", "S"),
    ("shuyun", "疏云智慧水务", "信息", "S"),
    ("heqing", "禾清生态修复", "施工", "S"),
]
POSTS = {
    "station": ["质量监督员", "安全监督员", "报监受理员", "检测管理员", "监督组组长", "综合管理员"],
    "施工": ["项目经理", "技术负责人", "质量员", "安全员", "施工员", "资料员"],
    "监理": ["总监理工程师", "专业监理工程师", "监理员", "资料员"],
    "other": ["专业负责人", "工程师", "技术员", "项目助理"],
}
SURNAMES = (
    "王李张刘陈杨黄赵周吴徐孙马朱胡林郭何高罗郑梁谢宋唐许邓冯韩曹曾彭萧蔡潘田董袁于余叶蒋杜苏魏程吕丁沈任"
    "姚卢傅钟姜崔谭廖范汪陆金石戴贾韦夏邱方侯邹熊孟秦白江阎薛尹段雷黎史龙陶贺顾毛郝龚邵万钱严覃武戴莫孔向"
    "汤"
)
GIVEN = (
    "澄澜清源致远望舒云帆知行若水怀安景行思齐予安长风嘉树明河沐阳星野听泉问渠照溪朗月临川听涛守正拓新立本"
    "存诚凌霄既白向晨牧野秋实春山"
)

# Who fails what: year → where. Everything else that the tables do not touch is meant to be in order.
LARGER_ACCIDENT = {2019: ("changning", "yufeng"), 2020: ("putuo", "xiyue"), 2021: ("hongkou", "tianyuan")}
PENALTY = {2019: "heqing", 2020: "dingbo", 2021: "ruize"}
COMPLAINT = {2019: "huangpu", 2020: "yangpu", 2021: "jingan"}
BAD_FAITH = {2019: "qiaolin", 2020: "shuyun", 2021: "heqing"}
WEAK_LEADERSHIP = {2019: "jinshan", 2020: "fengxian", 2021: "chongming"}
NO_CIVILISED_UNIT = {"shuyun", "xuhui"}
NO_CERTIFICATE = {"baihui"}


@dataclass
class Unit:
    """A unit with its codes, for everything that hangs on it."""

    key: str  # username prefix
    code: str
    name: str
    kind: str
    business: str
    top: str  # code of its uppermost party organisation
    branches: list[str] = field(default_factory=list)  # party organisations that hold members
    points: list[str] = field(default_factory=list)
    members: list[str] = field(default_factory=list)

    @property
    def is_station(self) -> bool:
        return self.kind != "company"


class City:
    """Fills the sheets in order; one random source, so that the same script makes the same city."""

    def __init__(self) -> None:
        self.random = random.Random(20190301)
        self.rows: dict[str, list[dict[str, Any]]] = {spec.name: [] for spec in SPECS}
        self.units: list[Unit] = []
        self.names: set[str] = set()
        self.count: dict[str, int] = defaultdict(int)
        self.projects = 0
        self.points_by_code: dict[str, dict[str, Any]] = {}

    def add(self, sheet: str, **values: Any) -> None:
        """One row of a sheet, by field names."""
        self.rows[sheet].append(values)

    def person(self) -> str:
        """A name nobody here has yet, marked as an example."""
        while True:
            given = "".join(self.random.sample(GIVEN, 2))
            name = self.random.choice(SURNAMES) + given
            if name not in self.names:
                self.names.add(name)
                return name + MARK

    def unit_row(
        self, code: str, name: str, kind: str, short: str = "", association: str = "", prefix: str = ""
    ) -> None:
        """A unit or body; ``prefix`` begins its credit code: 11 authority, 12 institution, 51 association, 91 firm."""
        self.count["credit"] += 1
        first = f"{prefix}310000EXAMP{self.count['credit']:04d}"
        credit = first + directory.credit_check_digit(first) if prefix else ""
        self.add("单位", code=code, name=name, short_name=short, kind=kind, credit_code=credit, association=association)

    def party(self, code: str, name: str, kind: str, unit: str = "", superior: str = "") -> str:
        """A party organisation."""
        self.add("党组织", code=code, name=name, short_name="", kind=kind, unit=unit, superior=superior)
        return code

    def user(self, username: str, *posts: tuple[str, str, str]) -> None:
        """A sign-in with its appointments: (organisation, duty, title)."""
        self.add("用户", username=username, name=self.person(), email="", password=PASSWORD)
        for organisation, duty, title in posts:
            self.add(
                "任职", username=username, organisation=organisation, duty=duty, title=title, since=SINCE, until=None
            )

    def fact(self, kind: str, title: str, subject_kind: str, subject: str, day: date, **more: Any) -> None:
        """One line of the ledger."""
        about = {"subject_kind": subject_kind, "subject": subject}
        self.add("诚信台账", kind=kind, title=title, **about, happened_on=day, **more)

    # --- bodies and those above

    def bodies(self) -> None:
        """The authority, the bodies of the programme, the administrators, the association."""
        self.unit_row("SWJ", "市水务海洋主管机关" + MARK, "authority", "市水务主管机关", prefix="11")
        self.unit_row("SLXH", "市水利工程协会" + MARK, "association", "市水利工程协会", prefix="51")
        for code, name in (
            ("LDXZ", "创建工作领导小组"),
            ("LDBGS", "领导小组办公室"),
            ("TJZ", "第三推进组"),
            ("ZHZ", "市水务海洋系统创建综合工作组"),
            ("YWZ", "系统运行维护组"),
        ):
            self.unit_row(code, name + MARK, "body", name)
        self.party("DW", "市水务系统党委" + MARK, "party_committee", "SWJ")
        for username, code, name in GROUPS:
            self.party(code, f"{name}党委{MARK}", "party_committee", superior="DW")
            self.user(username, (code, "secretary", "党委书记"))
            self.user(f"{username}_office", (code, "staff", "党群工作部"))
        self.party("SLXH-ZB", f"市水利工程协会党支部{MARK}", "party_branch", "SLXH", "JT4")
        self.user("xitong_party", ("DW", "secretary", "组织处处长"))
        for number in (1, 2, 3):
            title = ["组长", "副组长", "成员"][number - 1]
            self.user(f"leader{number}", ("LDXZ", "member", title))
        for number, title in ((1, "主任"), (2, "联络员")):
            self.user(f"office{number}", ("LDBGS", "member", title))
            self.user(f"zonghe{number}", ("ZHZ", "member", title))
        for number, title in ((1, "组织人事科科长"), (2, "组织人事科科员")):
            self.user(f"tuijin{number}", ("TJZ", "member", title))
            self.user(f"xiehui{number}", ("SLXH", "staff", ["秘书长", "秘书处干事"][number - 1]))
        for username, duty, title in (
            ("sysadmin", "system_admin", "系统管理员"),
            ("secadmin", "security_admin", "安全管理员"),
            ("auditadmin", "audit_admin", "审计管理员"),
        ):
            self.user(username, ("YWZ", duty, title))
        for title, code in shipped_part_words().items():
            places = {"leading_group": "LDXZ", "office": "LDBGS", "working_group": "TJZ", "secretariat": "SLXH"}
            self.add("工作机构", kind=title, organisation=places.get(code, "ZHZ"), programme="")

    def central_station(self) -> None:
        """The central station: its party committee and branches."""
        name = "市水务建设工程安质监中心站"
        self.unit_row("ZXZ", name + MARK, "central_station", "市安质监中心站", prefix="12")
        self.party("ZXZ-DW", f"{name}党委{MARK}", "party_committee", "ZXZ", "DW")
        branches = [
            self.party(f"ZXZ-Z{at}", f"{name}{title}党支部{MARK}", "party_branch", "ZXZ", "ZXZ-DW")
            for at, title in enumerate(("综合", "质量监督", "安全监督", "检测管理"), 1)
        ]
        unit = Unit("zhongxin", "ZXZ", name, "central_station", "station", "ZXZ-DW", branches)
        self.user("zhongxin_secretary", ("ZXZ-DW", "secretary", "党委书记"))
        self.user("zhongxin_staff", *((code, "staff", "支部委员") for code in branches))
        self.people(unit, 36)
        self.point(unit, "报监窗口", "window", branches[0])
        self.point(unit, "重大工程监督组", "supervision_team", branches[1])
        self.units.append(unit)

    # --- stations and companies

    def station(self, key: str, code: str, district: str, large: bool) -> None:
        """A district: the bureau's party committee, the station, its party organisations and users."""
        bureau, short = f"{district}水务局", f"{district}安质监站"
        self.unit_row(f"{code}-SWJ", bureau + MARK, "authority", bureau, prefix="11")
        self.unit_row(code, f"{district}水务建设工程安质监站{MARK}", "station", short, prefix="12")
        above = self.party(f"{code}-DW", f"{bureau}机关党委{MARK}", "party_committee", f"{code}-SWJ", "DW")
        unit = Unit(key, code, short, "station", "station", f"{code}-ZB")
        if large:
            unit.top = self.party(f"{code}-ZZ", f"{short}党总支{MARK}", "general_branch", code, above)
            self.two_branches(unit, unit.top)
        else:
            unit.branches = [self.party(unit.top, f"{short}党支部{MARK}", "party_branch", code, above)]
            self.user(f"{key}_staff", (unit.top, "staff", "组织委员"))
        self.user(f"{key}_secretary", (unit.top, "secretary", "党总支书记" if large else "党支部书记"))
        self.user(f"{key}_superior", (above, "secretary", "机关党委书记"))
        self.people(unit, 22 if large else 14)
        self.point(unit, "报监窗口", "window", unit.branches[0])
        self.point(unit, "质量安全监督组", "supervision_team", unit.branches[-1])
        if large:
            self.point(unit, "党建服务点", "party_service", unit.branches[0])
        self.units.append(unit)

    def two_branches(self, unit: Unit, top: str) -> None:
        """Two branches under ``top`` and a group under the first, with the people who act for them."""
        code, short = unit.code, unit.name
        first = self.party(f"{code}-Z1", f"{short}第一党支部{MARK}", "party_branch", code, top)
        second = self.party(f"{code}-Z2", f"{short}第二党支部{MARK}", "party_branch", code, top)
        group = self.party(f"{code}-XZ1", f"{short}第一党支部一线党小组{MARK}", "party_group", code, first)
        unit.branches += [first, second, group]
        self.user(f"{unit.key}_staff", *((one, "staff", "组织委员") for one in (first, second, group)))
        self.user(f"{unit.key}_branch", (first, "secretary", "第一党支部书记"))

    def company(self, at: int, key: str, name: str, business: str, size: str) -> None:
        """A member company with its party organisations and users."""
        code, superior = f"HY{at:02d}", GROUPS[at - 1][1] if at <= 3 else GROUPS[3][1]
        self.unit_row(code, f"{name}有限公司{MARK}", "company", name, "SLXH", prefix="91")
        unit = Unit(key, code, name, "company", business, f"{code}-ZB")
        if size == "L":
            unit.top = self.party(f"{code}-DW", f"{name}公司党委{MARK}", "party_committee", code, superior)
            general = self.party(f"{code}-ZZ", f"{name}公司工程党总支{MARK}", "general_branch", code, unit.top)
            self.two_branches(unit, general)
            third = self.party(f"{code}-Z3", f"{name}公司机关党支部{MARK}", "party_branch", code, unit.top)
            unit.branches.append(third)
            posts = ((general, "secretary", "工程党总支书记"), (third, "secretary", "机关党支部书记"))
            self.user(f"{key}_general", *posts)
            self.user(f"{key}_office", (unit.top, "staff", "党群工作部"))
        elif size == "M":
            unit.top = self.party(f"{code}-ZZ", f"{name}公司党总支{MARK}", "general_branch", code, superior)
            self.two_branches(unit, unit.top)
        else:
            unit.branches = [self.party(unit.top, f"{name}公司党支部{MARK}", "party_branch", code, superior)]
            self.user(f"{key}_staff", (unit.top, "staff", "组织委员"))
        self.user(f"{key}_secretary", (unit.top, "secretary", "党组织书记"))
        self.people(unit, {"L": 18, "M": 12, "S": 8}[size])
        team, kind = ("项目管理部", "project_team") if business == "施工" else ("技术服务部", "department")
        self.point(unit, team, kind, unit.branches[0])
        if size != "S":
            self.point(unit, "党建活动中心", "activity_centre", unit.branches[-1])
        self.units.append(unit)

    def people(self, unit: Unit, number: int) -> None:
        """Members of a unit, spread over its branches; the last but one is on probation, the last has retired."""
        posts = POSTS.get(unit.business, POSTS["other"])
        for at in range(1, number + 1):
            code = f"{unit.code}-{at:03d}"
            unit.members.append(code)
            self.add(
                "党员",
                code=code,
                name=self.person(),
                post=posts[(at - 1) % len(posts)],
                status="probationary" if at == number - 1 else "full",
                in_post=at != number,
                unit=unit.code,
                party_organisation=unit.branches[(at - 1) % len(unit.branches)],
                username="",
                publication_consent_on=date(2019, 1, 10) if at <= number // 2 else None,
            )

    def point(self, unit: Unit, title: str, kind: str, party: str) -> None:
        """A service point of a unit."""
        code = f"{unit.code}-F{len(unit.points) + 1}"
        unit.points.append(code)
        staff = 2 if kind == "party_service" and unit.key == "chongming" else self.random.randint(4, 12)
        self.add(
            "服务点",
            code=code,
            name=f"{unit.name}{title}{MARK}",
            kind=kind,
            unit=unit.code,
            party_organisation=party,
            staff_count=staff,
            member_count=max(1, staff * 2 // 5),
            leader_is_member=self.random.random() < 0.8,
            closed_on=None,
        )

    # --- projects and the ledger

    def project(self, station: Unit, title: str, builders: list[Unit], year: int, named: bool = False) -> str:
        """A project begun in ``year`` that a station supervises; ``named``: a team and a member answer for it."""
        self.projects += 1
        code = f"GC{self.projects:03d}"
        started = date(year, 1 + self.projects % 9, 15)
        self.add("工程项目", code=code, name=f"{station.name[:-4]}{title}{MARK}", started_on=started, finished_on=None)
        for unit in [station, *builders]:
            role = "supervises" if unit.is_station else "takes_part"
            team = unit.points[1] if unit.is_station else unit.points[0]
            self.add(
                "项目参与",
                project=code,
                unit=unit.code,
                role=role,
                service_point=team if named else "",
                member=unit.members[5] if named else "",
                since=started,
                until=None,
            )
        return code

    def works(self) -> None:
        """Three projects for every station, built by companies in turn."""
        companies = [one for one in self.units if not one.is_station]
        titles = ("骨干河道整治工程", "泵闸改建工程", "海塘达标工程")
        at = 0
        for station in (one for one in self.units if one.kind == "station"):
            for title in titles:
                builders = [companies[at % len(companies)], companies[(at + 9) % len(companies)]]
                code = self.project(station, title, builders, 2017 + at % 2)
                if at < len(companies):
                    self.site_honour(code, builders[0])
                at += 1

    def site_honour(self, project: str, unit: Unit) -> None:
        """A company's civilised site."""
        self.fact(
            "honour",
            "区级文明工地",
            "organisation",
            unit.code,
            date(2018, 11, 20),
            project=project,
            level="district_bureau",
            tags="文明工地",
            issuer="区建设管理委员会" + MARK,
        )

    def unit_facts(self, unit: Unit) -> None:
        """What the unit itself has to show."""
        level = "unit" if unit.key in NO_CIVILISED_UNIT else "district_bureau"
        self.fact("honour", "文明单位", "organisation", unit.code, date(2018, 4, 18), level=level, tags="文明单位")
        for year in YEARS:
            weak = WEAK_LEADERSHIP[year] == unit.key
            self.fact(
                "appraisal",
                f"{year - 1}年度领导班子考核",
                "organisation",
                unit.code,
                date(year - 1, 12, 20),
                result="basic" if weak else "competent" if len(unit.code) % 2 else "excellent",
                tags="领导班子",
            )
        if not unit.is_station:
            self.company_facts(unit)

    def company_facts(self, unit: Unit) -> None:
        """Engineering honours, integrity ratings and certificates of a company."""
        for day, title in ((date(2018, 9, 12), "水务工程优质奖"), (date(2020, 6, 18), "水利工程文明示范奖")):
            self.fact("honour", title, "organisation", unit.code, day, level="district_bureau", tags="工程荣誉")
        for day in (date(2018, 6, 1), date(2020, 5, 20)):
            self.fact(
                "rating",
                "企业诚信评价",
                "organisation",
                unit.code,
                day,
                level="city",
                stars=3 + len(unit.key) % 3,
                tags="企业诚信",
                issuer="市水利工程协会" + MARK,
            )
        if unit.key in NO_CERTIFICATE:
            return
        for title, tag in (("职业健康安全管理体系认证", "职业健康"), ("环境管理体系认证", "环境管理")):
            self.fact(
                "certificate",
                title,
                "organisation",
                unit.code,
                date(2018, 3, 15),
                valid_until=date(2024, 3, 14),
                tags=tag,
            )

    def point_facts(self, unit: Unit) -> None:
        """Rank within the unit each year; a company's first point has honours too, its second still lacks them."""
        for code in unit.points:
            for year in YEARS:
                self.fact(
                    "appraisal",
                    f"{year - 1}年度单位内部考核名列前茅",
                    "service_point",
                    code,
                    date(year - 1, 12, 25),
                    result="excellent",
                    tags="单位考核名列前茅",
                )
        if unit.is_station:
            return
        for day in (date(2018, 10, 16), date(2020, 9, 10)):
            self.fact(
                "honour",
                "重大工程立功竞赛优秀团队",
                "service_point",
                unit.points[0],
                day,
                level="city",
                tags="工程荣誉、团队荣誉",
            )
        self.fact(
            "honour",
            "区级文明窗口" if unit.business != "施工" else "区级文明工地",
            "service_point",
            unit.points[0],
            date(2018, 11, 28),
            level="district_bureau",
            tags="文明窗口" if unit.business != "施工" else "文明工地",
        )

    def member_facts(self, unit: Unit) -> None:
        """Each unit's first four members have all it takes; the fifth is rated 合格 one year after another."""
        for at, code in enumerate(unit.members[:5]):
            result = "excellent" if at < 4 else "competent"
            for year in YEARS:
                day = date(year - 1, 12, 18)
                self.fact(
                    "appraisal", f"{year - 1}年度民主评议党员", "member", code, day, result=result, tags="民主评议"
                )
                if unit.is_station:
                    title = f"{year - 1}年度年终考核"
                    self.fact("appraisal", title, "member", code, day, result=result, tags="年终考核")
            if not unit.is_station and at < 4:
                for day in (date(2018, 10, 26), date(2020, 10, 9)):
                    self.fact(
                        "honour",
                        "重大工程立功竞赛建设功臣",
                        "member",
                        code,
                        day,
                        level="district_bureau",
                        tags="工程荣誉、个人荣誉",
                    )

    def trouble(self) -> None:
        """Accidents, complaints, penalties and bad faith: in each year somebody of every category fails."""
        by_key = {one.key: one for one in self.units}
        for year in YEARS:
            station, builder = (by_key[key] for key in LARGER_ACCIDENT[year])
            code = self.project(station, f"{year}年泵站基坑工程", [builder], year - 1, named=True)
            self.fact(
                "accident",
                "基坑坍塌责任事故",
                "organisation",
                builder.code,
                date(year, 5, 14),
                project=code,
                grade="larger",
                tags="责任事故",
            )
            station = by_key[COMPLAINT[year]]
            builder = by_key[BAD_FAITH[year]]
            code = self.project(station, f"{year}年河道护岸工程", [builder], year - 1, named=True)
            self.fact(
                "complaint", "护岸施工质量投诉（属实）", "organisation", builder.code, date(year, 6, 3), project=code
            )
            self.fact(
                "bad_faith", "未按期整改列入不良记录", "organisation", builder.code, date(year, 6, 28), project=code
            )
            fined = by_key[PENALTY[year]].code
            self.fact("penalty", "违反安全文明施工规定受到行政处罚", "organisation", fined, date(year, 4, 9))
        self.fact(
            "complaint",
            "夜间施工扰民举报",
            "organisation",
            by_key["minhang"].code,
            date(2021, 9, 2),
            state="待核实",
        )

    def experts(self) -> None:
        """Eighteen experts: universities and institutes, and seven from companies and stations, who have conflicts."""
        outside = [
            "河口大学水利学院",
            "东海大学土木学院",
            "江南水利科学研究院",
            "滨海工程职业大学",
            "水文科学研究所",
            "市政工程研究中心",
        ]
        fields = ["水工结构、质量管理", "施工安全", "党建工作", "工程监理、检测", "水文水资源", "项目管理"]
        inside = ["HY01", "HY04", "HY11", "HY13", "HY16", "PD", "ZXZ"]
        for at in range(18):
            username = f"expert{at + 1:02d}"
            self.user(username, ("TJZ", "expert", "评审专家"))
            employer = inside[at - 11] if at >= 11 else ""
            self.add(
                "评审专家",
                username=username,
                employer_name="" if employer else outside[at % len(outside)] + MARK,
                employer=employer,
                fields=fields[at % len(fields)],
                max_load=30,
                trained_on=date(2019, 4, 10) if at % 3 else None,
                training="评审规则培训，8 学时" if at % 3 else "",
                served="2018年某区创建活动评审" if at % 4 == 0 else "",
            )
        # three came from companies lately, one long ago: a definition says for how long that counts
        for username, employer, until in (
            ("expert02", "HY02", date(2018, 12, 31)),
            ("expert05", "HY07", date(2019, 6, 30)),
            ("expert08", "HY09", date(2020, 3, 31)),
            ("expert09", "HY02", date(2012, 5, 31)),
        ):
            self.add("专家任职经历", username=username, organisation=employer, since=date(2008, 7, 1), until=until)
        self.add(
            "专家任职经历",
            username="expert01",
            name=f"河口设计院{MARK}",
            since=date(2005, 7, 1),
            until=date(2014, 8, 31),
        )

    def build(self) -> City:
        """Everything, in order."""
        self.bodies()
        self.central_station()
        for district in DISTRICTS:
            self.station(*district)
        for at, (key, name, business, size) in enumerate(COMPANIES, 1):
            self.company(at, key, name, business, size)
        self.works()
        for unit in self.units:
            self.unit_facts(unit)
            self.point_facts(unit)
            self.member_facts(unit)
        self.trouble()
        self.experts()
        return self


WORDS = {
    "kind": directory.ORGANISATION_KINDS | registry.SERVICE_POINT_KINDS | registry.FACT_KINDS,
    "duty": directory.DUTIES,
    "status": registry.MEMBER_STATUSES,
    "role": registry.PROJECT_ROLES,
    "subject_kind": {"organisation": "单位或党组织", "service_point": "服务点", "member": "党员"},
    "level": registry.LEVELS,
    "grade": registry.ACCIDENT_GRADES,
    "result": registry.APPRAISAL_RESULTS,
}


def write(target: Path) -> dict[str, int]:
    """Write the workbook; returns the number of rows by sheet."""
    city = City().build()
    with Book(target) as book:
        # the day of making would make every file different
        book.workbook.set_properties({"title": "示例工作簿", "created": datetime(2019, 3, 1)})  # noqa: DTZ001
        lead = [
            "本工作簿是示例：除区名外，单位、党组织、人员、工程和事实均为虚构，名称后都标有“（示例）”。",
            f"所有用户的初始密码都是 {PASSWORD}，仅供演示。",
        ]
        book.instructions("创建活动基础数据示例工作簿", instructions(lead), INSTRUCTIONS)
        for spec in SPECS:
            fields = dict(spec.fields)
            if spec.name == "工作机构":
                fields["kind"] = replace(fields["kind"], words=shipped_part_words())
            rows = (
                [WORDS.get(name, {}).get(row.get(name, ""), row.get(name)) for name in fields]
                for row in city.rows[spec.name]
            )
            book.table(spec.name, replace(spec, fields=fields).columns(), rows)
    return {name: len(rows) for name, rows in city.rows.items()}


if __name__ == "__main__":
    path = Path(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).parent.parent / "examples" / "workbook.xlsx")
    for name, rows in write(path).items():
        print(f"{name}\t{rows}")
