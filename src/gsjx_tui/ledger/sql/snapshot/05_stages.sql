-- view: 阶段得分 各单位每个阶段截至各月的得分，和在本类别的名次
-- column: 类别代码 类别的代码
-- column: 类别 类别名称
-- column: 阶段 阶段名称
-- column: 月份 截至哪个月
-- column: 名次 按本阶段截至这个月的得分在本类别的名次，同分同名次
-- column: 代码 单位代码
-- column: 单位 单位名称
-- column: 得分 本阶段截至这个月的得分
-- column: 满分 本阶段的分值，加分可以超过它
-- column: 阶段末 这个月是否为本阶段的最后一个月
-- column: 已核定 是否已核定到这个月
with by_month as (
    select unit, month, sum(points) as points
    from posting
    group by unit, month
),
standing as (
    select
        u.*,
        s.position                              as stage_position,
        s.name                                  as stage,
        s.points                                as nominal,
        m.month,
        m.month = s.last_month                  as last,
        sum(coalesce(b.points, 0)) over (
            partition by u.code, s.id order by m.month
        )::decimal(12, 2)                       as points,
        c.unit is not null                      as confirmed
    from _unit u
    cross join stage_edition s
    join _month m on m.month between s.first_month and s.last_month
    left join by_month b on b.unit = u.code and b.month = m.month
    left join confirmation c on c.unit = u.code and c.month = least(u.through_month, m.month)
    where s.edition in (select max(edition) from edition)
      and u.through_month >= s.first_month
)
select
    category      as 类别代码,
    category_name as 类别,
    stage         as 阶段,
    month         as 月份,
    rank() over (
        partition by category, stage_position, month order by points desc
    )             as 名次,
    code          as 代码,
    name          as 单位,
    points        as 得分,
    nominal       as 满分,
    last          as 阶段末,
    confirmed     as 已核定
from standing
where from_month <= month
order by month, category_position, 名次, position
