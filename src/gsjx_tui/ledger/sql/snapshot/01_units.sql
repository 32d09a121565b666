-- view: 单位 名册里的单位，一个单位一行
-- column: 顺序 名册里的先后
-- column: 类别代码 类别的代码，如 township
-- column: 类别 类别名称
-- column: 代码 单位代码
-- column: 单位 单位名称
-- column: 上级主管单位 上级主管单位，没有则为空
-- column: 起始月 从哪个月起参加考核，空为自始
-- column: 截止月 到哪个月止参加考核，空为至终
select
    position                            as 顺序,
    category                            as 类别代码,
    category_name                       as 类别,
    code                                as 代码,
    name                                as 单位,
    nullif(superior, '')                as 上级主管单位,
    nullif(from_month, '0000-00')       as 起始月,
    nullif(through_month, '9999-99')    as 截止月
from _unit
