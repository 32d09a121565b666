-- view: 累计排名 截至每个月的累计分和在本类别的名次
-- column: 类别代码 类别的代码
-- column: 类别 类别名称
-- column: 月份 截至哪个月
-- column: 名次 在本类别的名次，同分同名次，其后空出
-- column: 代码 单位代码
-- column: 单位 单位名称
-- column: 累计分 活动开始到这个月的得分
-- column: 距前一名 比上一个名次少几分，第一名为空
-- column: 参评数 本类别有几个单位
-- column: 已核定 是否已核定到这个月
-- column: 最新 这个月是否为有核定的最新月份
with by_month as (
    select unit, month, sum(points) as points
    from posting
    group by unit, month
),
standing as (
    select
        u.*,
        m.month,
        m.first,
        sum(coalesce(b.points, 0)) over (
            partition by u.code order by m.month
        )::decimal(12, 2)                     as points,
        m.month = max(m.month) over ()        as newest,
        c.unit is not null                    as confirmed
    from _unit u
    cross join _month m
    left join by_month b on b.unit = u.code and b.month = m.month
    left join confirmation c on c.unit = u.code and c.month = least(u.through_month, m.month)
),
placed as (
    select
        *,
        rank() over (partition by category, month order by points desc) as place,
        min(points) over (
            partition by category, month
            order by points desc
            groups between 1 preceding and 1 preceding
        )                                                               as above,
        count(*) over (partition by category, month)                    as units
    from standing
    where from_month <= month and through_month >= first
)
select
    category       as 类别代码,
    category_name  as 类别,
    month          as 月份,
    place          as 名次,
    code           as 代码,
    name           as 单位,
    points         as 累计分,
    above - points as 距前一名,
    units          as 参评数,
    confirmed      as 已核定,
    newest         as 最新
from placed
order by month, category_position, place, position
